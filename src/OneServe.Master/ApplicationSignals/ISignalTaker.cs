namespace OneServe.Master.ApplicationSignals;

/// <summary>A worker, as far as signals are concerned.</summary>
internal interface ISignalTaker
{
    /// <summary>Counted from 1.</summary>
    int Number { get; }

    /// <summary>It takes requests, and stays.</summary>
    bool TakesSignals { get; }

    /// <summary>Signals that it has been sent and has not handled.</summary>
    int SignalsDue { get; }

    /// <summary>It has registered a handler of its own, after it was forked.</summary>
    bool Handles(int signal);

    void Signal(int signal);
}
