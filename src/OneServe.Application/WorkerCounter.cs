namespace OneServe.Application;

/// <summary>What one worker process has answered since this gateway knows it.</summary>
internal sealed class WorkerCounter(ulong pid)
{
    private long _answered;

    public ulong Pid { get; } = pid;

    /// <summary>Counts one more; how many there are now.</summary>
    public long CountOne() => ++_answered;
}
