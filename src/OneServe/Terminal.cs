using System.Runtime.InteropServices;
using System.Text;
using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Master;
using OneServe.Posix;

namespace OneServe;

/// <summary>
/// Whoever has started the server: he reads standard error, until a server that goes to the background is ready. From then on only its log file does.
/// </summary>
/// <param name="daemon">What was asked for; null: the server stays in the foreground.</param>
/// <param name="readinessPipe">Tells the process that waits; -1: none does.</param>
internal sealed class Terminal(DaemonOptions? daemon, int readinessPipe)
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const FilePermissions LogMode = FilePermissions.S_IRUSR | FilePermissions.S_IWUSR | FilePermissions.S_IRGRP;

    private SafeDescriptor? _starter;

    /// <summary>Somebody looks at it.</summary>
    public bool IsWatched { get; } = Syscall.isatty(StandardError);

    /// <summary>Turns standard output and error to the log file; what is written by <see cref="Write"/> goes to both until the server is ready.</summary>
    /// <exception cref="StartException">The file cannot be opened.</exception>
    public void OpenLog(Credentials? user)
    {
        if (daemon is null || readinessPipe < 0)
            return;
        string path = daemon.Setting.Value;
        bool isNew = !File.Exists(path);
        int opened = Syscall.open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_CLOEXEC, LogMode);
        if (opened < 0)
        {
            string reason = Posix.Errno.Describe(Marshal.GetLastPInvokeError());
            throw new StartException($"{daemon.Setting.Source}: {daemon.Setting}: the log file cannot be opened: {reason}.");
        }
        using var file = new SafeDescriptor(opened);
        if (isNew && daemon.OwnedByUser && user is not null)
            Syscall.fchown(opened, user.UserId, user.GroupId);
        _starter = new SafeDescriptor(Descriptors.Duplicate(StandardError).Int);
        Syscall.dup2(opened, StandardOutput);
        Syscall.dup2(opened, StandardError);
    }

    /// <summary>For the log, and for him.</summary>
    public void Write(string text)
    {
        WriteTo(StandardError, text);
        if (_starter is not null)
            WriteTo(_starter.Number, text);
    }

    /// <summary>For him alone, not for a log.</summary>
    public void Show(string text) => WriteTo(_starter?.Number ?? StandardError, text);

    /// <summary>The server serves: he may go.</summary>
    public void Release()
    {
        if (readinessPipe >= 0)
        {
            using var pipe = new SafeDescriptor(readinessPipe);
            Descriptors.Write(pipe.Number, "+"u8);
        }
        _starter?.Dispose();
        _starter = null;
    }

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
