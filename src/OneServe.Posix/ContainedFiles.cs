using System.Runtime.InteropServices;
using System.Text;

namespace OneServe.Posix;

/// <summary>
/// Opens files that lie beneath a directory, whatever their names and symbolic links say. Everything is opened for reading, close-on-exec and
/// non-blocking, so that a FIFO does not hold up the caller; whether it is a regular file is the caller's question (fstat of the result).
/// </summary>
public static unsafe partial class ContainedFiles
{
    private const long Openat2Number = 437; // __NR_openat2, the same on every architecture
    private const int CurrentDirectory = -100;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int NoControllingTerminal = 0x100;
    private const int ForReading = CloseOnExec | NonBlocking | NoControllingTerminal;
    private const int PathOnly = 0x200000; // O_PATH, the same on x86-64 and ARM64
    private const ulong ResolveNoMagicLinks = 0x02;
    private const ulong ResolveBeneath = 0x08;

    /// <summary>openat2(2) reports EAGAIN when something was renamed anywhere on the way; past this many in a row the real path decides.</summary>
    private const int RenameRaces = 8;

    private const int LongestPath = 4096; // PATH_MAX

    /// <summary>O_DIRECTORY, the one flag here whose value depends on the architecture (asm/fcntl.h).</summary>
    private static readonly int DirectoryOnly = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>Set for good once the kernel (ENOSYS) or a container's filter (EPERM) has refused openat2.</summary>
    private static volatile bool _openat2Refused;

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint openat2(nint number, nint directory, byte* path, OpenHow* how, nint size);

    [LibraryImport("libc")]
    private static partial int openat(int directory, byte* path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial nint readlink(byte* path, byte* buffer, nint size);

    /// <summary>Opens a directory as a place to start from (O_PATH); its own symbolic links are followed.</summary>
    /// <param name="path">Ends with a NUL byte.</param>
    public static SysResult OpenRoot(ReadOnlySpan<byte> path) => Open(CurrentDirectory, path, PathOnly | DirectoryOnly | CloseOnExec);

    /// <summary>Opens a file by a path that is trusted: the operator wrote it.</summary>
    /// <param name="path">Ends with a NUL byte.</param>
    public static SysResult OpenTrusted(ReadOnlySpan<byte> path) => Open(CurrentDirectory, path, ForReading);

    /// <summary>
    /// Opens a file beneath a root. A name or link that leaves the root fails with EXDEV; a link, absolute ones included, that stays within works.
    /// </summary>
    /// <param name="root">From <see cref="OpenRoot"/>.</param>
    /// <param name="name">Relative, ends with a NUL byte.</param>
    public static SysResult OpenBeneath(int root, ReadOnlySpan<byte> name)
    {
        FileStatusCalls.RequireTerminator(name);
        for (int races = 0; races < RenameRaces && !_openat2Refused; races++)
        {
            var how = new OpenHow { Flags = ForReading, Resolve = ResolveBeneath | ResolveNoMagicLinks };
            SysResult result;
            fixed (byte* p = name)
                result = SysResult.Of(openat2((nint)Openat2Number, root, p, &how, sizeof(OpenHow)));
            switch (result.Errno)
            {
                case Errno.EINTR or Errno.EAGAIN:
                    continue;
                case Errno.ENOSYS or Errno.EPERM:
                    _openat2Refused = true;
                    continue;
                case Errno.EXDEV:
                    // RESOLVE_BENEATH refuses every absolute link, also one that stays inside: the real path tells them apart.
                    return OpenByRealPath(root, name);
                default:
                    return result;
            }
        }
        return OpenByRealPath(root, name);
    }

    /// <summary>
    /// The same promise as <see cref="OpenBeneath"/> without openat2: the file is pinned with O_PATH, which opens nothing, then its real path is
    /// compared with the root's, and that very file is opened for reading. Needs /proc.
    /// </summary>
    public static SysResult OpenByRealPath(int root, ReadOnlySpan<byte> name) => OpenByRealPath(root, name, root);

    /// <summary>The same for a file that is named beneath one directory and must lie beneath another: links may lead there.</summary>
    /// <param name="root">Where the name begins, from <see cref="OpenRoot"/>.</param>
    /// <param name="name">Relative, ends with a NUL byte.</param>
    /// <param name="within">Where the file must lie, from <see cref="OpenRoot"/>.</param>
    public static SysResult OpenByRealPath(int root, ReadOnlySpan<byte> name, int within)
    {
        if (!name.IsEmpty && name[0] == (byte)'/')
            return SysResult.Failed(Errno.EXDEV);
        var pinned = Open(root, name, PathOnly | CloseOnExec);
        if (pinned.IsError)
            return pinned;
        using var file = new SafeDescriptor(pinned.Int);
        Span<byte> rootPath = stackalloc byte[LongestPath];
        Span<byte> filePath = stackalloc byte[LongestPath];
        var rootLength = RealPath(within, rootPath);
        if (rootLength.IsError)
            return rootLength;
        var fileLength = RealPath(file.Number, filePath);
        if (fileLength.IsError)
            return fileLength;
        return IsBeneath(filePath[..fileLength.Int], rootPath[..rootLength.Int])
            ? Open(CurrentDirectory, DescriptorPath(file.Number), ForReading)
            : SysResult.Failed(Errno.EXDEV);
    }

    private static SysResult Open(int directory, ReadOnlySpan<byte> path, int flags)
    {
        FileStatusCalls.RequireTerminator(path);
        fixed (byte* p = path)
        {
            SysResult result;
            do
                result = SysResult.Of(openat(directory, p, flags, 0));
            while (result.Errno == Errno.EINTR);
            return result;
        }
    }

    private static SysResult RealPath(int descriptor, Span<byte> buffer)
    {
        fixed (byte* link = DescriptorPath(descriptor))
        fixed (byte* p = buffer)
        {
            var length = SysResult.Of(readlink(link, p, buffer.Length));
            // A full buffer may be a path that was cut: such a path proves nothing.
            return length.Value == buffer.Length ? SysResult.Failed(Errno.ENAMETOOLONG) : length;
        }
    }

    private static bool IsBeneath(ReadOnlySpan<byte> file, ReadOnlySpan<byte> root)
        => root.SequenceEqual("/"u8)
            ? file.StartsWith("/"u8)
            : file.Length > root.Length && file.StartsWith(root) && file[root.Length] == (byte)'/';

    private static byte[] DescriptorPath(int descriptor) => Encoding.ASCII.GetBytes($"/proc/self/fd/{descriptor}\0");
}
