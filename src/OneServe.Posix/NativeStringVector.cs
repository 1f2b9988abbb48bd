using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>A null-terminated array of UTF-8 strings, as execve(2) takes for arguments and environment.</summary>
internal sealed unsafe class NativeStringVector : IDisposable
{
    private readonly int _count;

    public NativeStringVector(IReadOnlyList<string> strings)
    {
        _count = strings.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < _count; i++)
            Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
    }

    public byte** Pointer { get; private set; }

    public void Dispose()
    {
        if (Pointer is null)
            return;
        for (int i = 0; i < _count; i++)
            Marshal.FreeCoTaskMem((nint)Pointer[i]);
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
