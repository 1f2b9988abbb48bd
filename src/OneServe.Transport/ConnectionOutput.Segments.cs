using System.IO.Pipelines;
using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>The segments that are not copied: ranges of files, and memory that stays in place.</summary>
public sealed unsafe partial class ConnectionOutput
{
    private const int LargestAdvance = 1 << 30;

    private OutputSegment _armed;
    private bool _isFetching; // the slice comes from the disk
    private long _fetched;    // bytes of the first segment that have just come from there

    /// <summary>
    /// Sends a range of a file as part of a response body whose head has been started with a Content-Length: Kestrel counts the bytes, they leave by
    /// sendfile(2) at the next flush. Not with chunked framing, nor while a flush is pending.
    /// </summary>
    /// <param name="body">Kestrel's writer of this response.</param>
    /// <returns>False when nothing was taken: HEAD, or Kestrel has given the connection up.</returns>
    public bool SendFile(PipeWriter body, SharedFile file, long offset, long length)
        => length == 0 || (file.TryHold() && Send(body, new OutputSegment { Owner = file, Offset = offset, Length = length }));

    /// <summary>Sends memory that stays in place, without copying it; otherwise like <see cref="SendFile"/>.</summary>
    /// <param name="owner">Kept alive until the bytes are sent.</param>
    public bool SendPinned(PipeWriter body, byte* bytes, long length, object? owner = null)
        => length == 0 || Send(body, new OutputSegment { Owner = owner, Bytes = bytes, Length = length });

    /// <summary>EAGAIN also while the slice has to be fetched from the disk: <see cref="SliceFetched"/> goes on then.</summary>
    private SysResult SendFilePart(long budget)
    {
        ref var segment = ref _segments[0];
        long length = Math.Min(segment.Length, budget);
        if (_isFetching)
            return SysResult.Failed(Errno.EAGAIN);
        // Half of the old contents and half of the new would be neither: better to break off, which the client sees.
        if (segment.IsBegun && segment.File!.HasChanged)
            return SysResult.Failed(Errno.EIO);
        if (_fetched > 0)
        {
            // Once, even if it has been evicted meanwhile: a machine so short of memory must at least get on.
            length = Math.Min(length, _fetched);
            _fetched = 0;
        }
        else if (!FileSlice.IsCached(segment, length))
        {
            Fetch(segment);
            return SysResult.Failed(Errno.EAGAIN);
        }
        segment.IsBegun = true;
        return Sendfile.Send(_connection.Descriptor, segment.File!.Number, segment.Offset, (nint)length);
    }

    private void Fetch(in OutputSegment segment)
    {
        segment.File!.TryHold();
        _isFetching = true;
        _fetched = FileSlice.FetchLength(segment);
        ThreadPool.UnsafeQueueUserWorkItem(new ColdSlice(_connection, segment.File, segment.Offset, _fetched), preferLocal: false);
    }

    /// <summary>Loop thread: the slice is in the page cache.</summary>
    internal void SliceFetched()
    {
        lock (_gate)
            _isFetching = false;
        if (!_connection.IsFinished)
            OnWritable();
    }

    /// <summary>The next Advance calls count the segment's bytes instead of the memory from GetMemory.</summary>
    private bool Send(PipeWriter body, OutputSegment segment)
    {
        _armed = segment;
        try
        {
            body.GetMemory(); // after StartAsync Kestrel's Advance demands it
            for (long left = segment.Length; left > 0;)
            {
                int part = (int)Math.Min(left, LargestAdvance);
                body.Advance(part);
                left -= part;
            }
        }
        finally
        {
            // Never left armed: the next head would be swallowed.
            segment = _armed;
            _armed = default;
            if (segment.Length > 0)
                segment.File?.Release();
        }
        return segment.Length == 0;
    }
}
