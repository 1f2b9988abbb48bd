using System.Collections.Frozen;

namespace OneServe.Master.States;

/// <summary>
/// One row of a state table: in <paramref name="State"/>, on <paramref name="Event"/>, go to <paramref name="Next"/> and do
/// <paramref name="Action"/>.
/// </summary>
internal readonly record struct Transition<TState, TEvent, TAction>(TState State, TEvent Event, TState Next, TAction Action);

/// <summary>
/// States × events → next state and action, as data. A pair without a row changes nothing: events cross each other on their way (a process
/// that has been told to leave dies first, a report arrives after the deadline), and what is late is not an error.
/// </summary>
internal sealed class StateTable<TState, TEvent, TAction>(params Transition<TState, TEvent, TAction>[] rows)
    where TState : struct, Enum
    where TEvent : struct, Enum
    where TAction : struct, Enum
{
    private readonly FrozenDictionary<(TState, TEvent), Transition<TState, TEvent, TAction>> _rows =
        rows.ToFrozenDictionary(static row => (row.State, row.Event));

    public IReadOnlyCollection<Transition<TState, TEvent, TAction>> Rows => _rows.Values;

    public bool TryFind(TState state, TEvent happened, out Transition<TState, TEvent, TAction> row) => _rows.TryGetValue((state, happened), out row);
}

/// <summary>A state that only its table changes.</summary>
internal sealed class StateMachine<TState, TEvent, TAction>(StateTable<TState, TEvent, TAction> table, TState initial)
    where TState : struct, Enum
    where TEvent : struct, Enum
    where TAction : struct, Enum
{
    public TState State { get; private set; } = initial;

    /// <summary>Takes the event; what is to be done now, or the action enum's default (None).</summary>
    public TAction Take(TEvent happened)
    {
        if (!table.TryFind(State, happened, out var row))
            return default;
        State = row.Next;
        return row.Action;
    }
}
