namespace OneServe.Transport;

/// <summary>An action for the loop's thread: ours, or one that came through its SynchronizationContext.</summary>
internal readonly struct PostedAction
{
    private readonly Action<object?>? _action;
    private readonly SendOrPostCallback? _callback;
    private readonly object? _state;

    public PostedAction(Action<object?> action, object? state)
    {
        _action = action;
        _state = state;
    }

    public PostedAction(SendOrPostCallback callback, object? state)
    {
        _callback = callback;
        _state = state;
    }

    public void Run()
    {
        if (_action != null)
            _action(_state);
        else
            _callback!(_state);
    }
}
