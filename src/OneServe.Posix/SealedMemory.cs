using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Memory files (memfd_create(2)) whose size, or whose content too, can no longer be changed by whoever gets the descriptor.</summary>
public static partial class SealedMemory
{
    private const uint CloseOnExec = 1;          // MFD_CLOEXEC
    private const uint AllowSealing = 2;         // MFD_ALLOW_SEALING
    private const int AddSeals = 1033;           // F_ADD_SEALS
    private const int SealSeal = 1;
    private const int SealShrink = 2;
    private const int SealGrow = 4;
    private const int SealWrite = 8;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc")]
    private static partial int ftruncate(int descriptor, nint length);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc")]
    private static unsafe partial nint pread(int descriptor, byte* buffer, nint length, nint offset);

    /// <summary>Writable memory of a fixed size, zeroed and sparse: nobody can cut a mapping short under another's feet.</summary>
    public static SafeDescriptor Create(string name, long size)
    {
        var file = New(name);
        SysResult.Of(ftruncate(file.Number, (nint)size)).OrThrow("ftruncate");
        Seal(file, SealSeal | SealShrink | SealGrow);
        return file;
    }

    /// <summary>Read-only memory with this content. Readers use pread(2): the file offset is shared.</summary>
    public static SafeDescriptor CreateReadOnly(string name, ReadOnlySpan<byte> content)
    {
        var file = New(name);
        while (!content.IsEmpty)
            content = content[(int)Descriptors.Write(file.Number, content).OrThrow("write")..];
        Seal(file, SealSeal | SealShrink | SealGrow | SealWrite);
        return file;
    }

    /// <summary>The whole content. The file offset, which all holders of the descriptor share, is neither used nor moved.</summary>
    /// <exception cref="SystemCallException">It is no file that can be read.</exception>
    public static unsafe byte[] ReadAll(SafeDescriptor file)
    {
        if (Mono.Unix.Native.Syscall.fstat(file.Number, out var status) != 0)
            throw new SystemCallException("fstat", Marshal.GetLastPInvokeError());
        byte[] content = new byte[status.st_size];
        fixed (byte* p = content)
        {
            for (int read = 0; read < content.Length;)
            {
                nint got = SysResult.Of(pread(file.Number, p + read, content.Length - read, read)).OrThrow("pread");
                if (got == 0)
                    throw new SystemCallException("pread", Errno.EIO);
                read += (int)got;
            }
        }
        return content;
    }

    private static SafeDescriptor New(string name)
        => new((int)SysResult.Of(memfd_create(name, CloseOnExec | AllowSealing)).OrThrow("memfd_create"));

    private static void Seal(SafeDescriptor file, int seals) => SysResult.Of(fcntl(file.Number, AddSeals, seals)).OrThrow("fcntl(F_ADD_SEALS)");
}
