namespace OneServe.Transport;

/// <summary>Brings plain awaits of code that runs on a loop back to that loop.</summary>
internal sealed class LoopSynchronizationContext(EventLoop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => loop.Post(new PostedAction(d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (EventLoop.Current != loop)
            throw new NotSupportedException("Nothing may wait for a loop.");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
