using OneServe.Master.States;

namespace OneServe.Tests.Master;

public sealed class StateTableTests
{
    [Fact]
    public void A_table_with_two_rows_for_one_pair_is_refused()
        => FluentActions.Invoking(() => new StateTable<MasterState, MasterEvent, MasterAction>(
                new(MasterState.Serving, MasterEvent.StopSignal, MasterState.Draining, MasterAction.Drain),
                new(MasterState.Serving, MasterEvent.StopSignal, MasterState.Killing, MasterAction.KillAll)))
            .Should().Throw<ArgumentException>();

    [Fact]
    public void Every_state_but_the_last_can_be_left_and_every_state_but_the_first_can_be_reached()
    {
        Check(WorkerStates.Table, WorkerState.Parked, WorkerState.Gone);
        Check(GenerationStates.Table, GenerationState.Importing, GenerationState.Gone);
        Check(GatewayStates.Table, GatewayState.Waiting, GatewayState.Gone);
        Check(MasterStates.Table, MasterState.Starting, MasterState.Ended);
    }

    [Fact]
    public void Every_death_is_answered_in_every_state_that_has_a_process()
    {
        WorkerState[] withProcess = [WorkerState.Starting, WorkerState.Ready, WorkerState.Asking, WorkerState.Leaving];
        foreach (var state in withProcess)
        {
            WorkerStates.Table.TryFind(state, WorkerEvent.DiedWanted, out var wanted).Should().BeTrue($"{state}");
            (wanted.Next, wanted.Action).Should().Be((WorkerState.Parked, WorkerAction.BuryAndRefill), $"{state}");
            WorkerStates.Table.TryFind(state, WorkerEvent.DiedUnwanted, out var unwanted).Should().BeTrue($"{state}");
            (unwanted.Next, unwanted.Action).Should().Be((WorkerState.Gone, WorkerAction.Bury), $"{state}");
        }
    }

    [Fact]
    public void A_second_stop_signal_kills_in_every_state_of_a_stop()
    {
        foreach (var state in (MasterState[])[MasterState.Draining, MasterState.Dismissing])
        {
            MasterStates.Table.TryFind(state, MasterEvent.StopSignal, out var row).Should().BeTrue();
            row.Action.Should().Be(MasterAction.KillAll, $"{state}");
        }
    }

    public static TheoryData<string, string> WorkerLives => new()
    {
        { "ForkDue PidKnown BecameReady EndOfOldQueue", "Fork None ReportReady Join -> Ready" },
        { "ForkDue PidKnown BecameReady EndOfNewestQueue NewEpoch", "Fork None ReportReady None Join -> Ready" },
        { "ForkDue BecameReady DiedWanted ForkDue", "Fork ReportReady BuryAndRefill Fork -> Forking" },
        { "ForkDue Lost ForkDue PidKnown", "Fork BuryAndRefill Fork None -> Starting" },
        { "ForkDue PidKnown BecameReady Dismissed EndOfOldQueue DiedUnwanted", "Fork None ReportReady SendExit None Bury -> Gone" },
        { "ForkDue PidKnown BecameReady Bye DiedWanted", "Fork None ReportReady None BuryAndRefill -> Parked" },
        { "ForkDue PidKnown Dismissed DeadlinePassed DiedUnwanted", "Fork None SendExit Kill Bury -> Gone" },
        { "ForkDue Dismissed PidKnown DeadlinePassed", "Fork SendExit None Kill -> Leaving" },
        { "Dismissed ForkDue", "Bury None -> Gone" },
        { "ForkDue PidKnown Failed DiedUnwanted", "Fork None ReportFailure Bury -> Gone" },
        { "ForkDue BecameReady Relieved EndOfOldQueue DeadlinePassed DiedUnwanted", "Fork ReportReady AskToLeave None Kill Bury -> Gone" },
        { "ForkDue BecameReady EndOfNewestQueue Relieved DiedWanted", "Fork ReportReady None AskToLeave BuryAndRefill -> Parked" },
        { "ForkDue PidKnown Relieved BecameReady", "Fork None None ReportReady -> Ready" },
        { "BecameReady NewEpoch Bye DiedWanted", "None None None None -> Parked" },
    };

    [Theory]
    [MemberData(nameof(WorkerLives))]
    public void Lives_of_a_worker(string events, string expected)
        => Live(WorkerStates.Table, WorkerState.Parked, events).Should().Be(expected);

    public static TheoryData<string, string> GenerationLives => new()
    {
        { "PrototypeReady AllWorkersReady Superseded Emptied", "ForkWorkers TakeOver Retire Forget -> Gone" },
        { "PrototypeFailed Emptied", "Abandon Forget -> Gone" },
        { "PrototypeReady WorkerFailed WorkerFailed Emptied", "ForkWorkers Abandon None Forget -> Gone" },
        {
            "PrototypeReady AllWorkersReady PrototypeLost PrototypeFailed PrototypeReady",
            "ForkWorkers TakeOver RebuildPrototype RebuildPrototype ForkWorkers -> Current"
        },
        { "PrototypeReady AllWorkersReady WorkerFailed AllWorkersReady", "ForkWorkers TakeOver None None -> Current" },
        { "TookTooLong PrototypeReady Emptied", "Abandon None Forget -> Gone" },
        { "PrototypeReady TookTooLong Emptied", "ForkWorkers Abandon Forget -> Gone" },
        { "PrototypeReady AllWorkersReady TookTooLong Superseded", "ForkWorkers TakeOver None Retire -> Retired" },
        { "Superseded PrototypeReady PrototypeLost Emptied", "Retire None None Forget -> Gone" },
    };

    [Theory]
    [MemberData(nameof(GenerationLives))]
    public void Lives_of_a_generation(string events, string expected)
        => Live(GenerationStates.Table, GenerationState.Importing, events).Should().Be(expected);

    public static TheoryData<string, string> GatewayLives => new()
    {
        { "StartDue BecameUp Died StartDue BecameUp Stop Died", "Start ReportUp BeginEpoch Start ReportUp Drain ReportGone -> Gone" },
        { "StartDue Died StartDue", "Start ReportFailure Start -> Starting" },
        { "StartDue BecameUp Died Stop StartDue", "Start ReportUp BeginEpoch ReportGone None -> Gone" },
        { "StartDue BecameUp Stop DeadlinePassed Died", "Start ReportUp Drain Kill ReportGone -> Gone" },
    };

    [Theory]
    [MemberData(nameof(GatewayLives))]
    public void Lives_of_the_gateway(string events, string expected)
        => Live(GatewayStates.Table, GatewayState.Waiting, events).Should().Be(expected);

    public static TheoryData<string, string> MasterLives => new()
    {
        { "BecameReady StartFinished StopSignal GatewayGone Emptied", "FinishStart Announce Drain Dismiss None -> Ended" },
        {
            "BecameReady StartFinished ReloadSignal StopSignal ReloadSignal DeadlinePassed Emptied",
            "FinishStart Announce Reload Drain None KillAll None -> Ended"
        },
        { "BecameReady ReloadSignal StopSignal StartFinished GatewayGone Emptied", "FinishStart ReloadLater Drain None Dismiss None -> Ended" },
        { "BecameReady BecameReady StartFailed Emptied", "FinishStart None KillAll None -> Ended" },
        { "ReloadSignal StartFailed Emptied", "ReloadLater KillAll None -> Ended" },
        { "StopSignal DeadlinePassed", "KillAll None -> Ended" },
    };

    [Theory]
    [MemberData(nameof(MasterLives))]
    public void Lives_of_the_server(string events, string expected)
        => Live(MasterStates.Table, MasterState.Starting, events).Should().Be(expected);

    private static string Live<TState, TEvent, TAction>(StateTable<TState, TEvent, TAction> table, TState initial, string events)
        where TState : struct, Enum
        where TEvent : struct, Enum
        where TAction : struct, Enum
    {
        var machine = new StateMachine<TState, TEvent, TAction>(table, initial);
        string actions = string.Join(' ', events.Split(' ').Select(name => machine.Take(Enum.Parse<TEvent>(name)).ToString()));
        return $"{actions} -> {machine.State}";
    }

    private static void Check<TState, TEvent, TAction>(StateTable<TState, TEvent, TAction> table, TState first, TState last)
        where TState : struct, Enum
        where TEvent : struct, Enum
        where TAction : struct, Enum
    {
        var reached = new HashSet<TState> { first };
        while (table.Rows.Count(row => reached.Contains(row.State) && reached.Add(row.Next)) > 0)
        {
        }
        reached.Should().BeEquivalentTo(Enum.GetValues<TState>());
        table.Rows.Select(row => row.State).Distinct().Should().BeEquivalentTo(Enum.GetValues<TState>().Where(state => !state.Equals(last)));
    }
}
