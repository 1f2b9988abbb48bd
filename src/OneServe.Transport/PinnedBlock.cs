using System.Runtime.CompilerServices;

namespace OneServe.Transport;

/// <summary>A pinned buffer, from a stack of its thread: a loop takes and gives back nearly all of its own.</summary>
internal sealed unsafe class PinnedBlock
{
    /// <summary>Bytes of a pooled block; larger ones are made for the occasion and not kept.</summary>
    public const int Size = 16 * 1024;

    private const int LocalLimit = 256;  // 4 MiB a loop
    private const int SharedLimit = 64;  // 1 MiB for all other threads

    [ThreadStatic]
    private static Stack<PinnedBlock>? _local;

    private static readonly Stack<PinnedBlock> _shared = new();

    private PinnedBlock(int size)
    {
        Array = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        Start = (byte*)Unsafe.AsPointer(ref Array[0]);
    }

    public byte[] Array { get; }

    public byte* Start { get; }

    public static PinnedBlock Rent(int least = 0)
    {
        if (least > Size)
            return new PinnedBlock(least);
        if (EventLoop.Current != null)
            return (_local ??= new()).TryPop(out var own) ? own : new PinnedBlock(Size);
        lock (_shared)
            return _shared.TryPop(out var shared) ? shared : new PinnedBlock(Size);
    }

    public void Return()
    {
        if (Array.Length != Size)
            return;
        if (EventLoop.Current != null)
        {
            if ((_local ??= new()).Count < LocalLimit)
                _local.Push(this);
            return;
        }
        lock (_shared)
        {
            if (_shared.Count < SharedLimit)
                _shared.Push(this);
        }
    }
}
