using System.Buffers;

namespace OneServe.Application;

/// <summary>The shared blocks that carry request bodies of a middle size: a worker copies them out instead of receiving them.</summary>
internal sealed unsafe class BodyBlocks(SharedRegions regions)
{
    private readonly Stack<int> _free = new(Enumerable.Range(0, SharedLayout.BodyBlocks).Reverse());

    /// <summary>Copies the body into a free block. False: too large, or none is free.</summary>
    public bool TryShare(ReadOnlySequence<byte> body, out int block)
    {
        if (body.Length > SharedLayout.BodyBlockSize || !_free.TryPop(out block))
        {
            block = -1; // also after TryPop, which says 0: a block that is another request's
            return false;
        }
        body.CopyTo(new Span<byte>(regions.BodyBlock(block), SharedLayout.BodyBlockSize));
        return true;
    }

    public void Return(int block) => _free.Push(block);

    /// <summary>What <c>wsgi.input</c> holds for a body in this block.</summary>
    public static long Reference(int block, long length) => ((long)block * SharedLayout.BodyBlockSize << 32) | length;
}
