using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>What goes to the client: a queue of memory and file segments.</summary>
/// <remarks>
/// A flush on the loop only marks the writer; the bytes leave when the present piece of work is over, head and body in one system call. A flush waits
/// only while more than <see cref="HighWater"/> bytes are unsent. Application code may write from any thread, hence the lock.
/// </remarks>
public sealed unsafe partial class ConnectionOutput : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int HighWater = 64 * 1024;
    private const int LowWater = 16 * 1024;
    private const long SliceBytes = 2 << 20; // a turn: then the other connections, then the next slice
    private const int VectorLimit = 8;

    private readonly ClientConnection _connection;
    private readonly Lock _gate;
    private SegmentQueue _segments;
    private long _pending;
    private long _unflushed;
    private TransferPace _pace;
    private bool _isLeased;  // the last block has been lent out by GetMemory
    private bool _isDirty;
    private bool _isBlocked; // waits for the socket, or for its next slice
    private bool _isClosing;
    private bool _isCanceled;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private Action<object?>? _continuation;
    private object? _continuationState;

    internal ConnectionOutput(ClientConnection connection)
    {
        _connection = connection;
        _gate = connection.Gate;
    }

    /// <summary>Bytes that the kernel has taken, since the connection began.</summary>
    public long BytesSent { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    /// <summary>True while anything is unsent or a flush waits.</summary>
    internal bool IsBusy => _pending > 0 || _continuation != null || _isClosing;

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        lock (_gate)
        {
            int least = Math.Max(sizeHint, 1);
            if (_segments.Count > 0 && _segments.Last.Owner is PinnedBlock last)
            {
                int used = (int)(_segments.Last.Offset + _segments.Last.Length);
                if (last.Array.Length - used >= least)
                {
                    _isLeased = true;
                    return last.Array.AsMemory(used);
                }
            }
            var block = PinnedBlock.Rent(least);
            _segments.Push(new OutputSegment { Owner = block, Bytes = block.Start });
            _isLeased = true;
            return block.Array;
        }
    }

    public override void Advance(int bytes)
    {
        lock (_gate)
        {
            _isLeased = false;
            _pending += bytes;
            _unflushed += bytes;
            if (_armed.Length == 0)
            {
                _segments.Last.Length += bytes;
                return;
            }
            var segment = _armed;
            segment.Length = bytes;
            _segments.Push(segment);
            _armed.Length -= bytes;
            _armed.Offset += bytes;
            // Each segment of a file lets go of it once: a rest that comes in a further one needs a further hold.
            if (_armed.Length > 0)
                _armed.File?.TryHold();
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _unflushed = 0;
            if (_isCanceled)
                return new(TakeResult());
            if (_connection.IsBroken)
                Drop();
            else if (_pending <= HighWater && EventLoop.Current == _connection.Loop)
                MarkDirty();
            else if (!_isBlocked)
                Send();
            if (_pending <= HighWater)
                return new(TakeResult());
        }
        if (cancellationToken.CanBeCanceled)
        {
            _token = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(static output => ((ConnectionOutput)output!).Wake(), this);
        }
        return new(this, 0);
    }

    public override void CancelPendingFlush()
    {
        _isCanceled = true;
        Wake();
    }

    public override void Complete(Exception? exception = null)
    {
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        if (_token.CanBeCanceled)
        {
            var given = _token;
            _token = default;
            _registration.Dispose();
            given.ThrowIfCancellationRequested();
        }
        lock (_gate)
            return TakeResult();
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token)
    {
        lock (_gate)
            return IsFlushDone ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        bool isDone;
        lock (_gate)
        {
            _continuation = continuation;
            _continuationState = state;
            isDone = IsFlushDone;
        }
        _connection.EnsureWatched();
        if (isDone)
            Wake();
    }

    /// <summary>Loop thread, top frame: there may be room in the socket, or a flush to end.</summary>
    internal void OnWritable()
    {
        Action<object?>? continuation = null;
        bool isFinished;
        lock (_gate)
        {
            if (_connection.IsBroken)
                Drop();
            else if (_isBlocked)
                Send();
            if (_continuation != null && IsFlushDone)
            {
                continuation = _continuation;
                _continuation = null;
            }
            isFinished = _isClosing && _pending == 0;
        }
        continuation?.Invoke(_continuationState);
        if (isFinished)
            _connection.Finish();
    }

    /// <summary>Loop thread: the piece of work that has written is over.</summary>
    internal void SendAtEndOfWork()
    {
        lock (_gate)
        {
            if (_isDirty && !_isBlocked && !_connection.IsFinished)
                Send();
            _isDirty = false;
        }
    }

    /// <summary>Loop thread: nothing more will be written; the connection ends when all is sent.</summary>
    internal void Close()
    {
        bool isDone;
        lock (_gate)
        {
            _isLeased = false;
            _isClosing = true;
            if (_connection.IsBroken)
                Drop();
            else if (!_isBlocked)
                Send();
            isDone = _pending == 0;
        }
        if (isDone)
            _connection.Finish();
        else
            _connection.EnsureWatched();
    }

    /// <summary>
    /// True when the client takes nothing, or too little. What the kernel has taken for it does not count: with megabytes of buffer a
    /// healthy client at 10 KB/s lets nothing more in for minutes.
    /// </summary>
    internal bool IsTooSlow(long now, long silence, long rate)
        => _isBlocked && !_isFetching && _pace.IsTooSlow(now, BytesSent - SocketQueue.Unsent(_connection.Descriptor), silence, rate);

    /// <summary>The connection is over: lets go of everything.</summary>
    internal void Release()
    {
        lock (_gate)
        {
            _isLeased = false;
            Drop();
        }
    }

    private bool IsFlushDone => _pending <= LowWater || _isCanceled || _connection.IsBroken || _token.IsCancellationRequested;

    private FlushResult TakeResult()
    {
        bool wasCanceled = _isCanceled;
        _isCanceled = false;
        return new FlushResult(wasCanceled, _connection.IsBroken);
    }

    private void MarkDirty()
    {
        if (_isDirty)
            return;
        _isDirty = true;
        _connection.Loop.MarkDirty(this);
    }

    /// <summary>Sends what the socket takes, at most one slice. Under the lock.</summary>
    private void Send()
    {
        bool wasBlocked = _isBlocked;
        _isDirty = _isBlocked = false;
        for (long budget = SliceBytes; _pending > 0;)
        {
            if (_segments[0].Length == 0)
            {
                _segments.Pop();
                continue;
            }
            if (budget <= 0)
            {
                Block(wasBlocked);
                Wake();
                return;
            }
            var sent = _segments[0].IsFile ? SendFilePart(budget) : SendMemory();
            if (sent.Value > 0)
            {
                budget -= sent.Value;
                BytesSent += sent.Value;
                Consume(sent.Value);
            }
            else if (sent.Errno == Errno.EAGAIN)
            {
                Block(wasBlocked);
                return;
            }
            else if (sent.Errno != Errno.EINTR)
            {
                // Also the end of a file that has shrunk: the promised length cannot be kept.
                _connection.Abort();
                Drop();
                return;
            }
        }
        Drop();
    }

    /// <summary>The socket takes no more now; the client's clock runs from here, or goes on.</summary>
    private void Block(bool wasBlocked)
    {
        _isBlocked = true;
        if (!wasBlocked)
            _pace.Restart();
    }

    private SysResult SendMemory()
    {
        var vectors = stackalloc IoVector[VectorLimit];
        int count = 0;
        long length = 0;
        for (int i = 0; i < _segments.Count && count < VectorLimit && !_segments[i].IsFile; i++)
        {
            ref var segment = ref _segments[i];
            if (segment.Length == 0)
                continue;
            vectors[count++] = new IoVector { Base = segment.Bytes + segment.Offset, Length = (nint)segment.Length };
            length += segment.Length;
        }
        var flags = MessageFlags.NoSignal | (length < _pending ? MessageFlags.More : MessageFlags.None);
        if (count == 1)
            return SocketCalls.Send(_connection.Descriptor, vectors[0].Base, vectors[0].Length, flags);
        var message = new MessageHeader { Vectors = vectors, VectorCount = count };
        return SocketCalls.SendMessage(_connection.Descriptor, &message, flags);
    }

    private void Consume(long sent)
    {
        _pending -= sent;
        while (sent > 0)
        {
            ref var first = ref _segments[0];
            long part = Math.Min(sent, first.Length);
            first.Offset += part;
            first.Length -= part;
            sent -= part;
            if (first.Length == 0 && !(_isLeased && _segments.Count == 1))
                _segments.Pop();
        }
    }

    private void Drop()
    {
        while (_segments.Count > (_isLeased ? 1 : 0))
            _segments.Pop();
        if (_segments.Count > 0)
            _segments.Last.Length = 0;
        _pending = 0;
        _fetched = 0;
        _isBlocked = false;
    }

    private void Wake()
    {
        if (EventLoop.Current == _connection.Loop)
            _connection.Loop.Again(_connection);
        else
            _connection.Loop.Post(static c => ((IDescriptorHandler)c!).OnEvents(EpollEvents.Out), _connection);
    }
}
