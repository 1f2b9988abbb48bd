using OneServe.Master.ApplicationSignals;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <content>The signals of the module `uwsgi`.</content>
internal sealed partial class Worker : ISignalTaker
{
    /// <summary>Signals for which its process has registered handlers itself.</summary>
    private readonly HashSet<int> _handled = [];

    public int SignalsDue { get; private set; }

    bool ISignalTaker.TakesSignals => State is WorkerState.Ready or WorkerState.Asking;

    bool ISignalTaker.Handles(int signal) => _handled.Contains(signal);

    void ISignalTaker.Signal(int signal)
    {
        SignalsDue++;
        _control?.Send($"signal {signal}");
    }

    private void ApplicationAsks(ControlMessage message)
    {
        if (message.Verb == "handler" && message.Number(0) is >= 0 and < SignalRouter.Count and var signal)
            _handled.Add((int)signal);
        generation.ApplicationAsks(message, this);
    }

    private void ForgetSignals()
    {
        SignalsDue = 0;
        _handled.Clear();
    }
}
