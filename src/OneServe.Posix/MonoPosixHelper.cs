using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>
/// Gives Mono.Posix its native helper inside one executable: the library is an embedded resource, written to a memfd and loaded from there.
/// </summary>
internal static class MonoPosixHelper
{
    private const string ResourceName = "libMonoPosixHelper.so";

#pragma warning disable CA2255 // A module initializer in a library: the resolver must stand before the first call into Mono.Posix, wherever that is.
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(Mono.Unix.Native.Syscall).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
        => name.Contains("MonoPosixHelper", StringComparison.Ordinal) ? Handle.Value : 0;

    private static readonly Lazy<nint> Handle = new(Load);

    private static nint Load()
    {
        using var image = typeof(MonoPosixHelper).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException("The executable was built without " + ResourceName + ".");
        byte[] bytes = new byte[image.Length];
        image.ReadExactly(bytes);
        using var file = MemoryFile.Of(ResourceName, new ReadOnlySequence<byte>(bytes));
        return NativeLibrary.Load($"/proc/self/fd/{file.Number}");
    }
}
