using OneServe.Posix;

namespace OneServe.Gateway.Logging;

/// <summary>
/// The access log's writer: requests append lines to a buffer in memory, a thread of its own writes them out in batches. A request never waits
/// for the log; when the reader of the log is too slow, lines are dropped and counted, and the count is written as soon as there is room.
/// </summary>
public sealed class AccessLog : IDisposable
{
    /// <summary>Bytes that may wait: some milliseconds of the highest rate that one loop reaches.</summary>
    private const int BufferSize = 2 * 1024 * 1024;

    /// <summary>How long lines are gathered before they are written, ms.</summary>
    private const int Gather = 10;

    /// <summary>How long the end waits for a reader that takes nothing, ms: a stop has a few seconds in all.</summary>
    private const int LastWrite = 500;

    private readonly int _descriptor;
    private readonly object _gate = new();
    private readonly AutoResetEvent _something = new(false);
    private readonly Thread _writer;
    private byte[] _front = new byte[BufferSize];
    private byte[] _back = new byte[BufferSize];
    private int _length;
    private long _dropped;
    private bool _ending;

    /// <param name="descriptor">Where lines go; not closed here.</param>
    public AccessLog(int descriptor)
    {
        _descriptor = descriptor;
        _writer = new Thread(WriteBatches) { IsBackground = true, Name = "access log" };
        _writer.Start();
    }

    /// <summary>Appends one line; it is formatted into the buffer directly.</summary>
    /// <param name="entry">What it says.</param>
    /// <param name="format">Its form; null: the default one.</param>
    public void Append(in AccessLogEntry entry, LineFormat? format = null)
    {
        bool first;
        lock (_gate)
        {
            if (_ending)
                return;
            var room = _front.AsSpan(_length);
            if (!(format is null ? entry.TryFormat(room, out int written) : format.TryFormat(entry, room, out written)))
            {
                _dropped++;
                return;
            }
            first = _length == 0;
            _length += written;
        }
        if (first)
            _something.Set();
    }

    /// <summary>Writes what is left and ends the thread; what comes later is dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
            _ending = true;
        _something.Set();
        // The event is not disposed: a request that ends at this moment may be about to set it.
        _writer.Join(LastWrite);
    }

    private void WriteBatches()
    {
        while (true)
        {
            _something.WaitOne();
            bool ending;
            lock (_gate)
                ending = _ending;
            if (!ending)
                Thread.Sleep(Gather);
            int length;
            long dropped;
            lock (_gate)
            {
                (_front, _back) = (_back, _front);
                length = _length;
                _length = 0;
                dropped = _dropped;
                _dropped = 0;
            }
            Write(_back.AsSpan(0, length));
            if (dropped > 0)
                Write(System.Text.Encoding.ASCII.GetBytes($"*** {dropped} lines of the access log were dropped: whatever reads it is too slow ***\n"));
            if (ending)
                return;
        }
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var result = Descriptors.Write(_descriptor, lines);
            if (result.Errno == Errno.EAGAIN)
            {
                // Somebody has set the terminal or pipe to non-blocking: this thread may wait for it.
                Thread.Sleep(Gather);
                continue;
            }
            if (result.IsError)
                return;
            lines = lines[result.Int..];
        }
    }
}
