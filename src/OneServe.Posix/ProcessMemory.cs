using System.Buffers.Text;
using System.Globalization;
using Mono.Unix.Native;

namespace OneServe.Posix;

/// <summary>What a process has of memory (proc(5), statm).</summary>
/// <param name="AddressSpace">Bytes.</param>
/// <param name="Resident">Bytes.</param>
public readonly record struct ProcessMemory(long AddressSpace, long Resident)
{
    /// <summary>Reads it; all zero when the process has gone.</summary>
    public static ProcessMemory Of(int pid)
    {
        int opened = Syscall.open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/statm"), OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
        if (opened < 0)
            return default;
        using var file = new SafeDescriptor(opened);
        Span<byte> buffer = stackalloc byte[256];
        var read = Descriptors.Read(opened, buffer);
        if (read.IsError || !Utf8Parser.TryParse(buffer[..read.Int], out long space, out int used)
            || !Utf8Parser.TryParse(buffer[Math.Min(used + 1, read.Int)..read.Int], out long resident, out _))
        {
            return default;
        }
        return new ProcessMemory(space * Environment.SystemPageSize, resident * Environment.SystemPageSize);
    }
}
