using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Tests.Transport;

/// <summary>A file of random bytes that has no name any more.</summary>
internal sealed class RandomFile : IDisposable
{
    private readonly int _writable;

    public RandomFile(Random random, int length)
    {
        Bytes = new byte[length];
        random.NextBytes(Bytes);
        string path = Path.GetTempFileName();
        System.IO.File.WriteAllBytes(path, Bytes);
        Shared = new SharedFile(Syscall.open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC));
        _writable = Syscall.open(path, OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC);
        System.IO.File.Delete(path);
    }

    public byte[] Bytes { get; }

    public SharedFile Shared { get; }

    public void Truncate(int length) => Syscall.ftruncate(_writable, length);

    public void Dispose()
    {
        Shared.Release();
        Syscall.close(_writable);
    }
}
