using System.Buffers;
using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Files in memory (memfd_create(2)), close-on-exec.</summary>
public static partial class MemoryFile
{
    private const uint CloseOnExec = 1; // MFD_CLOEXEC

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    /// <summary>An empty file; the name is for /proc only.</summary>
    /// <exception cref="SystemCallException">No descriptor or no memory left.</exception>
    public static SafeDescriptor Create(string name) => new((int)SysResult.Of(memfd_create(name, CloseOnExec)).OrThrow("memfd_create"));

    /// <summary>A file with this content.</summary>
    /// <exception cref="SystemCallException">No descriptor or no memory left.</exception>
    public static SafeDescriptor Of(string name, ReadOnlySequence<byte> content)
    {
        var file = Create(name);
        foreach (var segment in content)
        {
            for (var rest = segment.Span; !rest.IsEmpty;)
                rest = rest[(int)Descriptors.Write(file.Number, rest).OrThrow("write")..];
        }
        return file;
    }
}
