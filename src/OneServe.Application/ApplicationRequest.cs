using System.Buffers;
using OneServe.Application.Marshal;
using OneServe.Posix;

namespace OneServe.Application;

/// <summary>
/// A request on its way to a worker and its answer on the way back. The dispatcher calls the abstract members on the loop's thread, from its
/// top frame; memory handed to them is good until they return.
/// </summary>
public abstract class ApplicationRequest
{
    /// <summary>The whole body when it is held in memory; empty when there is none or it lies in <see cref="BodyFile"/>.</summary>
    public ReadOnlySequence<byte> Body { get; protected set; }

    /// <summary>Bytes of the body, wherever it is held.</summary>
    public long BodyLength { get; protected set; }

    /// <summary>An unlinked file with the whole body, or null.</summary>
    public SafeDescriptor? BodyFile { get; protected set; }

    /// <summary>For whoever reads of the request in a log.</summary>
    public abstract string Method { get; }

    /// <summary>As sent; for the log too.</summary>
    public abstract string Target { get; }

    /// <summary>GET, HEAD, OPTIONS: may be run again when its worker died before it answered (RFC 9110, 9.2.2).</summary>
    protected internal abstract bool IsSafeToRepeat { get; }

    /// <summary>Writes the environ's keys and values, without the braces and without <c>wsgi.input</c>.</summary>
    protected internal abstract void WriteEnviron(ref PacketWriter packet);

    /// <summary>The whole answer at once.</summary>
    /// <returns>False: the head is garbage; <see cref="OnFailed"/> follows and the worker is ended.</returns>
    protected internal abstract bool OnReply(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body);

    /// <summary>The head of an interim response (103, RFC 8297); the answer follows.</summary>
    protected internal abstract void OnInterim(ReadOnlySpan<byte> head);

    /// <summary>The head of an answer whose body follows in pieces.</summary>
    /// <returns>False: garbage, as with <see cref="OnReply"/>.</returns>
    protected internal abstract bool OnHead(ReadOnlySpan<byte> head);

    /// <summary>Values that the application has set for the access log; before the end of an answer in pieces.</summary>
    /// <returns>False: garbage.</returns>
    protected internal abstract bool OnVariables(ReadOnlySpan<byte> variables);

    /// <summary>A piece of the body.</summary>
    /// <returns>False: hold the rest back until <see cref="Dispatcher.Resume(ApplicationRequest)"/>, which comes later, never from within.</returns>
    protected internal abstract bool OnData(ReadOnlyMemory<byte> data);

    /// <summary>A range of a regular file as a piece of the body; the request holds the file until it is sent.</summary>
    protected internal abstract bool OnFile(SharedFile file, long offset, long length);

    /// <summary>The body is complete.</summary>
    protected internal abstract void OnEnd();

    /// <summary>There will be no (further) answer; nothing more is called.</summary>
    protected internal abstract void OnFailed(ApplicationFailure failure);

    /// <summary>The head of its answer has come.</summary>
    public bool IsAnswering => Answering;

    // ---- the dispatcher's own ----

    internal RequestState State;
    internal ulong Id;
    internal WorkerPool? Pool;
    internal Slot? Slot;
    internal int BodyBlock = -1;
    internal long WaitingSince;
    internal long SentAt;
    internal bool Repeated;

    // ---- while a worker with a queue of its own has it ----

    /// <summary>When it was taken, or a little later, ms of the loop.</summary>
    internal long BeganAt;

    /// <summary>Until when it may run (CLOCK_MONOTONIC ns), by its own word; 0: as all others.</summary>
    internal ulong TimeLimit;

    /// <summary>It has run for too long, and that has been told.</summary>
    internal bool IsOverdue;

    /// <summary>The worker has been told to hold its answer back.</summary>
    internal bool IsHeld;

    /// <summary>Bytes that came all the same.</summary>
    internal long Overrun;

    internal bool Answering;

    /// <summary>What the dispatcher has in its place when this is another loop's request and on its way.</summary>
    internal RelayedRequest? Relayed;

    internal ApplicationRequest? Previous;
    internal ApplicationRequest? Next;

    /// <summary>The process that took this request last, for the log; 0 when none did.</summary>
    public int WorkerPid { get; internal set; }

    /// <summary>The number of the worker that took it last, counted from 1; 0 when none did.</summary>
    public int WorkerNumber { get; internal set; }

    /// <summary>That worker's thread, counted from 0.</summary>
    public int WorkerThread { get; internal set; }

    /// <summary>How many requests that process has answered, this one included; 0 when none has answered it.</summary>
    public long WorkerRequests { get; internal set; }
}

internal enum RequestState
{
    /// <summary>Not the dispatcher's: before it was submitted, or after its end.</summary>
    None,

    /// <summary>In the gateway's own FIFO; no worker knows of it.</summary>
    Waiting,

    /// <summary>In the kernel's queue or with a worker.</summary>
    Sent,
}

/// <summary>Why a request got no answer from the application.</summary>
public enum ApplicationFailure
{
    /// <summary>Its worker died, or sent garbage (502).</summary>
    WorkerDied,

    /// <summary>The application failed after the head of its answer had left: the connection is to be cut.</summary>
    Aborted,

    /// <summary>The queue is full (503).</summary>
    QueueFull,

    /// <summary>No worker was free within the time limit (503).</summary>
    WaitedTooLong,

    /// <summary>The application's processes die as soon as they start (503).</summary>
    NoWorkers,

    /// <summary>It ran for longer than a request may (504).</summary>
    RanTooLong,

    /// <summary>The environ does not fit a packet (431).</summary>
    TooLarge,
}
