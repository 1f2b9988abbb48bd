using System.Runtime.InteropServices;
using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Master.Loop;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master.Commands;

/// <summary>`master-fifo`: a named pipe whose bytes are commands, as uWSGI has it; the newline of `echo r` is none.</summary>
internal sealed class MasterFifo : IDisposable
{
    private readonly EventLoop _loop;
    private readonly SafeDescriptor _descriptor;
    private readonly Action<char> _carryOut;

    private MasterFifo(EventLoop loop, SafeDescriptor descriptor, Action<char> carryOut)
    {
        (_loop, _descriptor, _carryOut) = (loop, descriptor, carryOut);
        loop.Watch(descriptor.Number, Read);
    }

    /// <summary>Makes the pipe (mode 600), in place of one that an earlier server has left.</summary>
    /// <exception cref="StartException">There is something else at the path, or it cannot be made.</exception>
    public static MasterFifo Create(Setting setting, EventLoop loop, PathLedger ledger, Action<char> carryOut)
    {
        string path = setting.Value;
        if (Syscall.lstat(path, out var status) == 0)
        {
            if ((status.st_mode & FilePermissions.S_IFMT) != FilePermissions.S_IFIFO)
                throw new StartException($"{setting.Source}: {setting}: there is something else at this path. Choose another one.");
            Syscall.unlink(path);
        }
        if (Syscall.mkfifo(path, FilePermissions.S_IRUSR | FilePermissions.S_IWUSR) != 0)
            throw Unusable(setting);
        // For writing too: else every writer that closes would be the end of the file.
        int opened = Syscall.open(path, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC);
        if (opened < 0)
            throw Unusable(setting);
        ledger.Add(path);
        return new MasterFifo(loop, new SafeDescriptor(opened), carryOut);
    }

    public void Dispose()
    {
        _loop.Unwatch(_descriptor.Number);
        _descriptor.Dispose();
    }

    private void Read()
    {
        Span<byte> bytes = stackalloc byte[256];
        var read = Descriptors.Read(_descriptor.Number, bytes);
        for (int i = 0; !read.IsError && i < read.Int; i++)
            _carryOut((char)bytes[i]);
    }

    private static StartException Unusable(Setting setting)
        => new($"{setting.Source}: {setting}: the pipe cannot be made: {Posix.Errno.Describe(Marshal.GetLastPInvokeError())}.");
}
