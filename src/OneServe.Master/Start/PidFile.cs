using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>
/// The pidfile, locked as long as the master lives: a lock tells a live master from a stale file even when its pid has been given to
/// another process meanwhile, as it is after every start of a container. Who only reads the file does not notice.
/// </summary>
internal sealed class PidFile : IDisposable
{
    private readonly SafeDescriptor _file;

    private PidFile(string path, SafeDescriptor file)
    {
        Path = path;
        _file = file;
    }

    public string Path { get; }

    /// <summary>Writes our pid into the file, which is made, or taken over from a master that has gone.</summary>
    /// <exception cref="StartException">Another master lives, or the file cannot be written.</exception>
    public static PidFile Create(Setting setting, int pid)
    {
        while (true)
        {
            int opened = Syscall.open(
                setting.Value,
                OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_CLOEXEC,
                FilePermissions.S_IRUSR | FilePermissions.S_IWUSR | FilePermissions.S_IRGRP | FilePermissions.S_IROTH);
            if (opened < 0)
                throw Unusable(setting, Marshal.GetLastPInvokeError());
            var file = new SafeDescriptor(opened);
            if (FileLock.TryTake(file).IsError)
            {
                using (file)
                {
                    throw new StartException($"{setting.Source}: {setting}: another server is running with this file, its pid is {Read(file)}. "
                        + "Stop it, or choose another pidfile.");
                }
            }
            // Between open and lock its owner may have removed the file: then we hold one that nobody sees.
            if (FileIdentity.Of(file) != FileIdentity.Of(setting.Value))
            {
                file.Dispose();
                continue;
            }
            Syscall.ftruncate(file.Number, 0);
            if (Descriptors.Write(file.Number, Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture) + "\n")) is { IsError: true } failed)
            {
                using (file)
                    throw Unusable(setting, failed.Errno);
            }
            return new PidFile(setting.Value, file);
        }
    }

    /// <summary>The file belongs to this user from now on.</summary>
    public void GiveTo(Credentials user) => Syscall.fchown(_file.Number, user.UserId, user.GroupId);

    /// <summary>Lets go of the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static string Read(SafeDescriptor file)
    {
        Span<byte> buffer = stackalloc byte[32];
        var read = Descriptors.Read(file.Number, buffer);
        string text = read.IsError ? "" : Encoding.ASCII.GetString(buffer[..read.Int]).Trim();
        return text.Length > 0 && text.All(char.IsAsciiDigit) ? text : "unknown";
    }

    private static StartException Unusable(Setting setting, int errno)
        => new($"{setting.Source}: {setting}: the file cannot be written: {Posix.Errno.Describe(errno)}.");
}
