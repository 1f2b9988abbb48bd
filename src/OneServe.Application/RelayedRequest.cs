using System.Buffers;
using OneServe.Application.Marshal;
using OneServe.Posix;

namespace OneServe.Application;

/// <summary>
/// What the dispatcher has of a request that lives on another loop: a copy of its environ and body, and a messenger for its answer.
/// </summary>
/// <remarks>
/// Two threads hold this object and share nothing of it that changes: the members under "the dispatcher's loop" and those under "the request's
/// loop" each have fields of their own; everything else goes through the loops' queues, in order.
/// </remarks>
internal sealed class RelayedRequest : ApplicationRequest
{
    /// <summary>Bytes on their way between the loops beyond which the worker is held back; it goes on at half of them.</summary>
    private const int MaximumInFlight = 512 * 1024;

    private readonly RemoteDispatch _way;
    private readonly bool _isSafeToRepeat;
    private byte[] _copied;
    private readonly int _environLength;

    // The dispatcher's loop.
    private int _inFlight;
    private bool _isHeld;
    private bool _isPaused;

    // The request's loop.
    private ApplicationRequest? _original;

    /// <summary>On the request's loop.</summary>
    public RelayedRequest(ApplicationRequest original, RemoteDispatch way, ReadOnlySpan<byte> environ, SafeDescriptor? bodyFile)
    {
        _original = original;
        _way = way;
        _isSafeToRepeat = original.IsSafeToRepeat;
        Method = original.Method;
        Target = original.Target;
        _environLength = environ.Length;
        int inMemory = (int)original.Body.Length;
        _copied = ArrayPool<byte>.Shared.Rent(environ.Length + inMemory);
        environ.CopyTo(_copied);
        original.Body.CopyTo(_copied.AsSpan(environ.Length));
        Body = new ReadOnlySequence<byte>(_copied, environ.Length, inMemory);
        BodyFile = bodyFile;
        BodyLength = original.BodyLength;
    }

    public override string Method { get; }

    public override string Target { get; }

    protected internal override bool IsSafeToRepeat => _isSafeToRepeat;

    // ---- the dispatcher's loop ----

    public void Submit()
    {
        if (!_way.Dispatcher.Submit(this))
            OnFailed(ApplicationFailure.QueueFull);
    }

    public void Withdraw()
    {
        _way.Dispatcher.Withdraw(this);
        Release();
    }

    /// <summary>The client takes data again.</summary>
    public void TakesDataAgain()
    {
        _isHeld = false;
        ResumeWhenThereIsRoom();
    }

    protected internal override void WriteEnviron(ref PacketWriter packet) => packet.Raw(_copied.AsSpan(0, _environLength));

    protected internal override bool OnReply(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body)
    {
        Tell(RelayedAnswerKind.Reply, head, body.Span);
        Release();
        return true;
    }

    protected internal override void OnInterim(ReadOnlySpan<byte> head) => Tell(RelayedAnswerKind.Interim, head, default);

    protected internal override bool OnHead(ReadOnlySpan<byte> head)
    {
        Tell(RelayedAnswerKind.Head, head, default);
        return true;
    }

    protected internal override bool OnVariables(ReadOnlySpan<byte> variables)
    {
        Tell(RelayedAnswerKind.Variables, variables, default);
        return true;
    }

    protected internal override bool OnData(ReadOnlyMemory<byte> data)
    {
        Tell(RelayedAnswerKind.Data, default, data.Span);
        return Sent(data.Length);
    }

    protected internal override bool OnFile(SharedFile file, long offset, long length)
    {
        if (!file.TryHold())
            return true;
        _way.ToOwn(new RelayedAnswer(this, RelayedAnswerKind.File) { File = file, FileOffset = offset, FileLength = length });
        return Sent(1);
    }

    protected internal override void OnEnd()
    {
        _way.ToOwn(new RelayedAnswer(this, RelayedAnswerKind.End));
        Release();
    }

    protected internal override void OnFailed(ApplicationFailure failure)
    {
        _way.ToOwn(new RelayedAnswer(this, RelayedAnswerKind.Failed) { Failure = failure, RetryAfter = _way.Dispatcher.RetryAfter });
        Release();
    }

    private void Tell(RelayedAnswerKind kind, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
        => _way.ToOwn(new RelayedAnswer(this, kind).With(head, body));

    /// <summary>So much more is on its way. False: hold the rest back.</summary>
    private bool Sent(int bytes)
    {
        _inFlight += bytes;
        _isPaused = _isHeld || _inFlight > MaximumInFlight;
        return !_isPaused;
    }

    private void Arrived(int bytes, bool isHeld)
    {
        _inFlight -= bytes;
        _isHeld |= isHeld;
        ResumeWhenThereIsRoom();
    }

    private void ResumeWhenThereIsRoom()
    {
        if (!_isPaused || _isHeld || _inFlight > MaximumInFlight / 2)
            return;
        _isPaused = false;
        _way.Dispatcher.Resume(this);
    }

    /// <summary>What its answer showed is not to be trusted.</summary>
    private void Reject(int pid)
    {
        Withdraw();
        _way.Dispatcher.Distrust(pid);
    }

    private void Release()
    {
        if (_copied.Length > 0)
            ArrayPool<byte>.Shared.Return(_copied);
        _copied = [];
        Body = default;
        BodyFile?.Dispose();
        BodyFile = null;
    }

    // ---- the request's loop ----

    /// <summary>The request hears nothing any more.</summary>
    public void Detach()
    {
        if (_original is { } original)
            original.Relayed = null;
        _original = null;
    }

    public void Deliver(RelayedAnswer answer)
    {
        if (_original is not { } original)
            return;
        original.WorkerPid = answer.WorkerPid;
        original.WorkerRequests = answer.WorkerRequests;
        (original.WorkerNumber, original.WorkerThread) = (answer.WorkerNumber, answer.WorkerThread);
        switch (answer.Kind)
        {
            case RelayedAnswerKind.Reply:
                Detach();
                if (!original.OnReply(answer.Head, answer.Body))
                    Refuse(original, answer);
                break;
            case RelayedAnswerKind.Interim:
                original.OnInterim(answer.Head);
                break;
            case RelayedAnswerKind.Head:
                if (!original.OnHead(answer.Head))
                {
                    Detach();
                    Refuse(original, answer);
                }
                break;
            case RelayedAnswerKind.Variables:
                if (!original.OnVariables(answer.Head))
                {
                    Detach();
                    Refuse(original, answer);
                }
                break;
            case RelayedAnswerKind.Data:
                Acknowledge(answer.Body.Length, original.OnData(answer.Body));
                break;
            case RelayedAnswerKind.File:
                Acknowledge(1, original.OnFile(answer.File!, answer.FileOffset, answer.FileLength));
                break;
            case RelayedAnswerKind.End:
                Detach();
                original.OnEnd();
                break;
            default:
                Detach();
                _way.RetryAfter = answer.RetryAfter;
                original.OnFailed(answer.Failure);
                break;
        }
    }

    private void Acknowledge(int bytes, bool takesMore) => _way.ToHome(_ => Arrived(bytes, !takesMore), this);

    private void Refuse(ApplicationRequest original, RelayedAnswer answer)
    {
        int pid = answer.WorkerPid;
        original.OnFailed(ApplicationFailure.WorkerDied);
        _way.ToHome(_ => Reject(pid), this);
    }
}
