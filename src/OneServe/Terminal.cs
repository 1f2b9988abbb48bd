using System.Text;
using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe;

/// <summary>
/// Whoever has started the server: he reads standard error, until a server that goes to the background is ready. From then on only its log file does.
/// </summary>
/// <param name="daemon">What was asked for; null: the server stays in the foreground.</param>
/// <param name="readinessPipe">Tells the process that waits; -1: none does.</param>
internal sealed class Terminal(DaemonOptions? daemon, int readinessPipe)
{
    private const int StandardError = 2;

    private SafeDescriptor? _starter;
    private SafeDescriptor? _watcher;

    /// <summary>Somebody looks at it.</summary>
    public bool IsWatched { get; } = Syscall.isatty(StandardError);

    /// <summary>
    /// Keeps a way to him before standard output and standard error become the log: for a server that goes to the background, all that <see cref="Write"/>
    /// is given until it is ready; else what <see cref="Show"/> is given.
    /// </summary>
    public void Keep()
    {
        if (daemon is not null && readinessPipe >= 0)
            _starter = Duplicate();
        else if (IsWatched)
            _watcher = Duplicate();
    }

    /// <summary>For the log, and for him.</summary>
    public void Write(string text)
    {
        WriteTo(StandardError, text);
        if (_starter is not null)
            WriteTo(_starter.Number, text);
    }

    /// <summary>For him alone, not for a log.</summary>
    public void Show(string text) => WriteTo((_starter ?? _watcher)?.Number ?? StandardError, text);

    /// <summary>The server serves: he may go.</summary>
    public void Release()
    {
        if (readinessPipe >= 0)
        {
            using var pipe = new SafeDescriptor(readinessPipe);
            Descriptors.Write(pipe.Number, "+"u8);
        }
        _starter?.Dispose();
        _watcher?.Dispose();
        _starter = _watcher = null;
    }

    private static SafeDescriptor Duplicate() => new(Descriptors.Duplicate(StandardError).Int);

    /// <summary>Writes all of it; a reader that has gone loses it.</summary>
    private static void WriteTo(int descriptor, string text)
    {
        var rest = Encoding.UTF8.GetBytes(text).AsSpan();
        while (!rest.IsEmpty)
        {
            var written = Descriptors.Write(descriptor, rest);
            if (written.IsError)
                return;
            rest = rest[written.Int..];
        }
    }
}
