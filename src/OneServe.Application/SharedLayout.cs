namespace OneServe.Application;

/// <summary>Sizes of the shared memory between the gateway and the workers (docs/protocol.md).</summary>
public static class SharedLayout
{
    /// <summary>Bytes of one reply ring; a power of two.</summary>
    public const int RingSize = 1 << 18;

    /// <summary>Bytes of all rings: sparse, a page costs memory only once it is written.</summary>
    public const long RingsSize = (long)Scoreboard.Lines * RingSize;

    /// <summary>Bytes of one block for a request body.</summary>
    public const int BodyBlockSize = 1 << 16;

    public const int BodyBlocks = 256;

    public const long BodiesSize = (long)BodyBlocks * BodyBlockSize;

    /// <summary>Bits of a request id below the epoch.</summary>
    public const int SequenceBits = 40;
}
