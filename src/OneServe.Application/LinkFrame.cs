using System.Buffers.Binary;

namespace OneServe.Application;

/// <summary>The header of a frame on a reply link: u64 id, u32 length of the payload, u32 kind.</summary>
internal readonly record struct LinkFrame(ulong Id, uint Length, LinkFrameKind Kind)
{
    public const int HeaderSize = 16;

    public static LinkFrame Read(ReadOnlySpan<byte> header) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(header),
        BinaryPrimitives.ReadUInt32LittleEndian(header[8..]),
        (LinkFrameKind)BinaryPrimitives.ReadUInt32LittleEndian(header[12..]));
}

internal enum LinkFrameKind : uint
{
    Head = 1,
    Data = 2,
    End = 3,
    Abort = 4,
    File = 5,
    Interim = 6,
    Variables = 7,
    TimeLimit = 8,

    // From the gateway to a worker with a queue of its own.
    Cancel = 16,
    Pause = 17,
    Resume = 18,
}
