using System.Globalization;
using System.Runtime.InteropServices;
using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>A log file. It may be renamed, removed or emptied by others at any time, and renames itself when it has grown too large.</summary>
/// <remarks>
/// Between two writes nothing is on its way: whatever was written before a rename is in the old file, the rest in the new one. All writes are at the end
/// (O_APPEND), so who empties the file in place (copytruncate) makes no hole.
/// </remarks>
internal sealed class FileReceiver : ILogReceiver
{
    private readonly LogFile _file;
    private readonly long _maxSize;
    private readonly string? _backupName;
    private readonly Action<string> _tell;
    private readonly LossReport _loss;
    private SafeDescriptor _descriptor;
    private long _lastName;
    private bool _isTorn;
    private bool _isTold;

    /// <param name="file">Which.</param>
    /// <param name="descriptor">What <see cref="LogFile.Open"/> returned; closed here.</param>
    /// <param name="maxSize">Bytes beyond which it is renamed; 0: never.</param>
    /// <param name="backupName">To what; null: its name, a dot, and the Unix time.</param>
    /// <param name="tell">Tells what does not work.</param>
    public FileReceiver(LogFile file, int descriptor, long maxSize, string? backupName, Action<string> tell)
    {
        (_file, _maxSize, _backupName, _tell) = (file, maxSize, backupName, tell);
        _descriptor = new SafeDescriptor(descriptor);
        _loss = new LossReport($"The log {file.Path}", tell);
    }

    public bool TakesSingleLines => false;

    /// <summary>The open file's.</summary>
    public int Descriptor => _descriptor.Number;

    public void Write(ReadOnlySpan<byte> lines)
    {
        if (_loss.HasLost && !TryResume())
        {
            _loss.Add(lines, "");
            return;
        }
        var rest = lines;
        while (!rest.IsEmpty)
        {
            var written = Descriptors.Write(_descriptor.Number, rest);
            if (written.IsError)
            {
                _isTorn = rest.Length < lines.Length && lines[^(rest.Length + 1)] != (byte)'\n';
                _loss.Add(rest, Posix.Errno.Describe(written.Errno));
                return;
            }
            rest = rest[written.Int..];
        }
        if (_maxSize > 0 && FileStatusCalls.Read(_descriptor.Number, out var status) is { IsError: false } && status.Size > _maxSize)
            Rotate();
    }

    public void Reopen()
    {
        var opened = _file.Open();
        if (opened.IsError)
        {
            TellOnce($"The log {_file.Path} cannot be opened again: {opened}. The open file is written to as before.");
            return;
        }
        _descriptor.Dispose();
        _descriptor = new SafeDescriptor(opened.Int);
        _isTold = false;
    }

    public void Rotate()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        // Names tell seconds: a second rename within one would replace the first file.
        if (_backupName is null && now <= _lastName)
            return;
        _lastName = now;
        string backup = _backupName ?? _file.Path + "." + now.ToString(CultureInfo.InvariantCulture);
        if (Syscall.rename(_file.Path, backup) != 0)
        {
            TellOnce($"The log {_file.Path} cannot be renamed to {backup}: {Posix.Errno.Describe(Marshal.GetLastPInvokeError())}. It grows on.");
            return;
        }
        Reopen();
    }

    public void Dispose() => _descriptor.Dispose();

    /// <summary>Writes how much was lost; false: it still does not work.</summary>
    private bool TryResume()
    {
        if (!_loss.MayTry)
            return false;
        byte[] note = _isTorn ? [(byte)'\n', .. _loss.Note] : _loss.Note;
        var written = Descriptors.Write(_descriptor.Number, note);
        if (written.IsError || written.Int < note.Length)
        {
            _isTorn |= !written.IsError;
            return false;
        }
        _isTorn = false;
        _loss.End();
        return true;
    }

    private void TellOnce(string what)
    {
        if (!_isTold)
            _tell(what);
        _isTold = true;
    }
}
