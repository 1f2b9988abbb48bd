namespace OneServe.StaticFiles;

/// <summary>A run of bytes of a representation.</summary>
/// <param name="First">Offset of its first byte.</param>
/// <param name="Length">Number of bytes, at least one.</param>
internal readonly record struct ByteRange(long First, long Length)
{
    public long Last => First + Length - 1;
}
