using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>What the client sends: one receive buffer, held only while there is something in it or a reader at work.</summary>
/// <remarks>
/// While the beginning of an exchange is held back (<see cref="IInputFilter"/>) the consumer sees an empty socket; *examined* counts for the filter then.
///
/// State: *Running*, the consumer has the turn and may call recv on its own thread; *Parked*, it waits and only the loop touches the buffer; *Ready*, an
/// event came while it ran, so what it knew about an empty socket no longer holds. The loop continues a parked consumer from its top frame only.
/// </remarks>
internal sealed unsafe class ConnectionInput(ClientConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    private const int Running = 0;
    private const int Parked = 1;
    private const int Ready = 2;
    private const int KeptLimit = PinnedBlock.Size; // of a beginning that a hibernating connection keeps
    private const int LeastRoom = 2048; // a recv into less is not worth its call: compact first, when little has to move

    private readonly IInputFilter? _filter = connection.Protocol.Filter;

    private PinnedBlock? _block;
    private int _start;
    private int _end;
    private int _examined;
    private int _state;
    private bool _isDrained;           // the socket was empty at the last recv
    private bool _hasEnded;
    private volatile bool _expectsEnd; // the client has closed: a short recv may have its end behind it, without another edge
    private bool _isHeld = connection.Protocol.Filter != null; // an exchange is yet to begin: the filter decides on it
    private bool _isRefused;           // by the filter
    private long _begun;               // loop time at which the filter first saw a beginning that is still incomplete; 0: none
    private bool _isClean = true;      // no byte came since the last exchange was over
    private volatile bool _isCanceled;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private Action<object?>? _continuation;
    private object? _continuationState;

    /// <summary>The consumer has been told an end that is not the client's: the socket shall stay open.</summary>
    public bool IsHibernating { get; private set; }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryRead(out var result))
            return new(result);
        if (cancellationToken.CanBeCanceled)
        {
            _token = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(static input => ((ConnectionInput)input!).Wake(), this);
        }
        return new(this, 0);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!_isCanceled && !_hasEnded && !HasNews())
        {
            if (_state == Ready && Interlocked.CompareExchange(ref _state, Running, Ready) == Ready)
                _isDrained = false;
            if (_isDrained || !connection.IsWatched || !FillUntilNews())
            {
                result = default;
                return false;
            }
        }
        result = Take();
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_block == null)
            return;
        if (consumed.GetObject() != null)
        {
            _start = consumed.GetInteger();
            _examined = examined.GetInteger();
        }
        if (_start == _end)
            _start = _end = _examined = 0;
    }

    public override void CancelPendingRead()
    {
        _isCanceled = true;
        Wake();
    }

    public override void Complete(Exception? exception = null)
    {
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        if (_token.CanBeCanceled)
        {
            var given = _token;
            _token = default;
            _registration.Dispose();
            given.ThrowIfCancellationRequested();
        }
        return Take();
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token)
        => Volatile.Read(ref _state) != Parked && _continuation == null && ((_examined < _end && !_isHeld) || _hasEnded || _isCanceled)
            ? ValueTaskSourceStatus.Succeeded
            : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _continuationState = state;
        _continuation = continuation;
        ReleaseIfEmpty();
        if (Interlocked.CompareExchange(ref _state, Parked, Running) != Running)
        {
            // An event came in between: look again, but never from here.
            Volatile.Write(ref _state, Parked);
            Wake();
        }
        else if (_isCanceled || _token.IsCancellationRequested)
        {
            Wake();
        }
        connection.EnsureWatched();
    }

    /// <summary>Loop thread, top frame: bytes, an end or a cancellation may be there.</summary>
    public void OnReadable()
    {
        if (Volatile.Read(ref _state) != Parked && Interlocked.Exchange(ref _state, Ready) != Parked)
            return;
        if (!_isCanceled && !_hasEnded && !_token.IsCancellationRequested && !FillUntilNews())
        {
            ReleaseIfEmpty();
            Volatile.Write(ref _state, Parked);
            return;
        }
        Continue();
    }

    /// <summary>The client has ended its half, or the connection.</summary>
    public void ExpectEnd() => _expectsEnd = true;

    /// <summary>The gateway has finished a request; see <see cref="ClientConnection.RequestFinished"/>.</summary>
    public void ExchangeEnded(bool isComplete)
    {
        bool isOver = isComplete && Volatile.Read(ref _state) != Parked;
        _isClean = isOver && _start == _end;
        _isHeld = isOver && _filter != null;
        if (_isHeld)
            _examined = _start;
    }

    /// <summary>Before the first read: the beginning of an exchange that a hibernating connection has kept.</summary>
    public void Restore(byte[] kept, long begun)
    {
        _block = PinnedBlock.Rent(kept.Length);
        kept.CopyTo(_block.Array, 0);
        _end = kept.Length;
        _begun = begun;
    }

    /// <summary>The beginning that a hibernating connection has to keep; empty nearly always.</summary>
    public byte[] Keep(out long begun)
    {
        begun = _begun;
        return _start == _end ? [] : _block!.Array.AsSpan(_start.._end).ToArray();
    }

    /// <summary>
    /// Loop thread: ends an idle connection for the consumer (the end of input between requests is a clean end), not for the client.
    /// False when anything is outstanding.
    /// </summary>
    public bool TryHibernate()
    {
        if (Volatile.Read(ref _state) != Parked || _hasEnded || _expectsEnd)
            return false;
        if (_isHeld ? _end - _start > KeptLimit : !_isClean || _block != null)
            return false;
        IsHibernating = _hasEnded = true;
        Continue();
        return true;
    }

    /// <summary>True while the beginning of an exchange has come in part.</summary>
    public bool IsWithinBeginning => _isHeld && _begun != 0;

    /// <summary>Loop thread: refuses an exchange whose beginning has not become complete in so many ms.</summary>
    public void TimeOutBeginning(long now, long timeout)
    {
        if (!IsWithinBeginning || now - _begun < timeout || _hasEnded || Volatile.Read(ref _state) != Parked)
            return;
        Refuse(_filter!.TimedOut(Held, connection.Client));
        Continue();
    }

    /// <summary>At the close: true when the client may still be sending, so that closing now could reset the connection and destroy the answer.</summary>
    public bool HasOutstanding()
    {
        if (_isRefused)
            return true;
        if (_hasEnded)
            return false;
        if (_isClean && _isDrained && _state != Ready)
            return false;
        byte probe;
        var result = SocketCalls.Receive(connection.Descriptor, &probe, 1, MessageFlags.Peek);
        if (result.IsError)
            return result.Errno == Errno.EAGAIN && !_isClean;
        return result.Value > 0;
    }

    /// <summary>The connection is over.</summary>
    public void Release()
    {
        _hasEnded = true;
        _start = _end = _examined = 0;
        ReleaseIfEmpty();
    }

    private ReadResult Take()
    {
        bool wasCanceled = _isCanceled;
        _isCanceled = false;
        var bytes = _end == _start || _isHeld ? default : new ReadOnlySequence<byte>(_block!.Array, _start, _end - _start);
        return new ReadResult(bytes, wasCanceled, _hasEnded);
    }

    private ReadOnlySpan<byte> Held => new(_block!.Start + _start, _end - _start);

    /// <summary>True when there is something for the consumer to see, a refusal's end too.</summary>
    private bool HasNews()
    {
        if (_examined >= _end)
            return false;
        if (!_isHeld)
            return true;
        if (connection.AwaitsPreface && !TakePreface())
            return _hasEnded;
        switch (_filter!.Examine(Held, _examined - _start, connection.Client, out var answer))
        {
            case InputVerdict.Incomplete:
                AwaitMore();
                return false;
            case InputVerdict.Pass:
                _isHeld = false;
                _examined = _start;
                _begun = 0;
                connection.IsBeginningRequest = true;
                return true;
            default:
                Refuse(answer);
                return true;
        }
    }

    /// <summary>False: it is not complete, or it was refused, or nothing has come behind it.</summary>
    private bool TakePreface()
    {
        var preface = connection.Protocol.Preface!;
        switch (preface.Examine(Held, out var announced, out int length))
        {
            case InputVerdict.Pass:
                _start += length;
                _examined = _start;
                connection.Announce(announced);
                if (_start != _end)
                    return true;
                _begun = 0;
                return false;
            case InputVerdict.Incomplete:
                AwaitMore();
                return false;
            default:
                Refuse(preface.Refuse(connection.Remote));
                return false;
        }
    }

    private void AwaitMore()
    {
        _examined = _end;
        if (_begun == 0)
            _begun = connection.Loop.Now;
    }

    /// <summary>The consumer sees an end of input between two exchanges, which is a clean end, and the client gets the filter's answer.</summary>
    private void Refuse(ReadOnlyMemory<byte> answer)
    {
        _isRefused = _hasEnded = true;
        _start = _end = _examined = 0;
        connection.Output.Write(answer.Span);
        _ = connection.Output.FlushAsync();
    }

    /// <summary>Receives until the consumer has something to see. False: not now.</summary>
    private bool FillUntilNews()
    {
        do
        {
            if (!Fill())
                return false;
            if (_hasEnded || HasNews())
                return true;
        }
        while (!_isDrained);
        return false;
    }

    /// <summary>recv(2). False: nothing there now. A short recv means an empty socket (edge-triggered: more comes with an event), so no second one.</summary>
    private bool Fill()
    {
        MakeRoom();
        int room = _block!.Array.Length - _end;
        SysResult got;
        do
            got = SocketCalls.Receive(connection.Descriptor, _block.Start + _end, room);
        while (got.Errno == Errno.EINTR);
        if (got.Value > 0)
        {
            _end += got.Int;
            _isClean = false;
            _isDrained = got.Value < room && !_expectsEnd;
            return true;
        }
        if (got.Errno == Errno.EAGAIN)
        {
            _isDrained = true;
            return false;
        }
        _hasEnded = true;
        if (got.IsError)
            connection.Break();
        return true;
    }

    private void MakeRoom()
    {
        if (_block == null)
        {
            _block = PinnedBlock.Rent();
            _start = _end = _examined = 0;
            return;
        }
        int room = _block.Array.Length - _end;
        int held = _end - _start;
        if (room >= LeastRoom || (room > 0 && (_start == 0 || held > LeastRoom)))
            return;
        // The consumer keeps what it has not consumed: move it to the front, or to a larger block when it already starts there.
        var target = _start > 0 ? _block : PinnedBlock.Rent(_block.Array.Length * 2);
        Buffer.BlockCopy(_block.Array, _start, target.Array, 0, held);
        if (target != _block)
        {
            _block.Return();
            _block = target;
        }
        _examined -= _start;
        _end = held;
        _start = 0;
    }

    private void Continue()
    {
        _state = Running;
        var continuation = _continuation!;
        _continuation = null;
        continuation(_continuationState);
    }

    private void ReleaseIfEmpty()
    {
        if (_block == null || _start != _end)
            return;
        _block.Return();
        _block = null;
        _start = _end = _examined = 0;
    }

    private void Wake()
    {
        if (EventLoop.Current == connection.Loop)
            connection.Loop.Again(connection);
        else
            connection.Loop.Post(static c => ((IDescriptorHandler)c!).OnEvents(EpollEvents.In), connection);
    }
}
