using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>What a system call returned: a value that is not negative, or an errno. No exception, no allocation.</summary>
/// <remarks>
/// Wrappers build it at once after the call: <see cref="Of"/> reads the thread's errno, which holds only while nothing else has run on this thread.
/// </remarks>
public readonly struct SysResult
{
    private readonly nint _raw;

    private SysResult(nint raw) => _raw = raw;

    /// <summary>True when the call failed; <see cref="Errno"/> then says why.</summary>
    public bool IsError
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _raw < 0;
    }

    /// <summary>The errno, one of <see cref="Posix.Errno"/>; 0 when the call succeeded.</summary>
    public int Errno => _raw < 0 ? (int)-_raw : 0;

    /// <summary>The returned value; meaningless when <see cref="IsError"/>.</summary>
    public nint Value => _raw;

    /// <summary>The returned value as a descriptor or count that fits an int.</summary>
    public int Int => (int)_raw;

    /// <summary>Wraps what libc returned; a negative value is replaced by the thread's errno.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SysResult Of(nint returned) => returned >= 0 ? new(returned) : Failed(Marshal.GetLastSystemError());

    /// <summary>A failure with this errno (for calls that return it, as the posix_spawn family does).</summary>
    public static SysResult Failed(int errno) => new(-Math.Max(errno, 1));

    /// <summary>A success with this value.</summary>
    public static SysResult Succeeded(nint value) => new(value);

    /// <summary>The value, or a <see cref="SystemCallException"/> that names the call.</summary>
    public nint OrThrow(string call) => _raw >= 0 ? _raw : throw new SystemCallException(call, Errno);

    public override string ToString() => IsError ? Posix.Errno.Describe(Errno) : _raw.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
