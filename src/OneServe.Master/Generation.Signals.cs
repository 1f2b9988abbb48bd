using OneServe.Configuration;
using OneServe.Master.ApplicationSignals;
using OneServe.Master.Commands;
using OneServe.Posix;

namespace OneServe.Master;

/// <content>What its application asks for by the module `uwsgi`.</content>
internal sealed partial class Generation
{
    private readonly SignalRouter _signals;

    /// <summary>One of <see cref="ApplicationRequests"/>, by a worker; null: by the application while it is imported.</summary>
    public void ApplicationAsks(ControlMessage message, Worker? worker)
    {
        if (!ApplicationRequests.IsCommand(message.Verb))
            TakeSignal(message, ofPrototype: worker is null);
        else if (worker is { State: States.WorkerState.Ready or States.WorkerState.Asking })
            _owner.ApplicationAsks(this, message.Verb, worker.Number);
        else
            // It would ask again whenever it is imported.
            _context.Log.Warning("The application asks for a {Command} while it is imported or while its worker leaves: it is not done", message.Verb);
    }

    private void TakeSignal(ControlMessage message, bool ofPrototype)
    {
        if (!_signals.Take(message, ofPrototype))
            _context.Log.Warning("The application asked for something that cannot be: {Verb} {Words}", message.Verb, string.Join(' ', message.Words));
    }

    void Prototype.IOwner.PrototypeAsks(ControlMessage message) => ApplicationAsks(message, null);

    private SignalRouter RouteSignals() => new(
        _context.Loop.Timers,
        _context.Clock,
        _context.Log,
        () => _workers,
        () => IsActive && State == States.GenerationState.Current,
        (path, act) =>
        {
            var watch = new TouchWatch(_context.Loop, _ => act());
            watch.Follow([new Setting("filemon", path, default)]);
            return watch;
        });
}
