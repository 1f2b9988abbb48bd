using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Tests.Transport;

public sealed class EventLoopTests
{
    [Fact]
    public void A_token_reaches_only_the_registration_it_was_made_for()
    {
        var table = new HandlerTable();
        var first = new Recorder();
        var second = new Recorder();

        ulong token = table.Set(5000, first, out bool wasInKernel);
        wasInKernel.Should().BeFalse();
        table.Find(token).Should().BeSameAs(first);

        table.Clear(5000, leavesKernel: true);
        table.Find(token).Should().BeNull();

        ulong next = table.Set(5000, second, out wasInKernel);
        wasInKernel.Should().BeFalse();
        table.Find(token).Should().BeNull("the number has been reused");
        table.Find(next).Should().BeSameAs(second);

        table.Clear(5000, leavesKernel: false);
        table.Find(next).Should().BeNull();
        table.Set(5000, first, out wasInKernel);
        wasInKernel.Should().BeTrue();
    }

    [Fact]
    public async Task An_event_fetched_before_its_descriptor_was_replaced_is_dropped()
    {
        var loop = new EventLoop();
        using var a = Descriptors.Event();
        using var b = Descriptors.Event();
        var replacement = new Recorder();
        int calls = 0;
        // Both are ready in one batch; whichever is called first replaces the other.
        loop.Watch(a.Number, EpollEvents.In | EpollEvents.EdgeTriggered, new Recorder(_ => Replace(b)));
        loop.Watch(b.Number, EpollEvents.In | EpollEvents.EdgeTriggered, new Recorder(_ => Replace(a)));
        Descriptors.Signal(a.Number);
        Descriptors.Signal(b.Number);
        loop.Start();
        await Poll.Until(() => Volatile.Read(ref calls) > 0, "called");
        await Turn(loop);
        await Turn(loop);
        loop.Stop();
        calls.Should().Be(1);
        replacement.Calls.Should().Be(0);

        void Replace(SafeDescriptor other)
        {
            calls++;
            loop.Unwatch(other.Number);
            loop.Watch(other.Number, EpollEvents.None, replacement);
        }
    }

    [Fact]
    public async Task Participants_timers_and_awaits_run_on_the_loop()
    {
        var loop = new EventLoop();
        var participant = new Participant();
        loop.Attach(participant);
        loop.HandlerFailed = participant.Failures.Add;
        loop.Start();
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(async void (_) =>
        {
            bool wasAway = await Task.Run(static () => EventLoop.Current is null);
            bool isBack = wasAway && EventLoop.Current == loop;
            loop.Schedule(20, _ => done.SetResult(isBack && EventLoop.Current == loop), null);
        }, null);

        (await done.Task.WaitAsync(TimeSpan.FromSeconds(10))).Should().BeTrue();
        await Poll.Until(() => participant.Seconds >= 2, "two seconds have been told");
        loop.Stop();
        participant.Failures.Should().BeEmpty();
        participant.Order.Should().BeTrue("a turn wakes, works and then may sleep");
    }

    /// <summary>What a participant writes at the end of a turn leaves in that turn.</summary>
    [Fact]
    public async Task Output_of_the_end_of_a_turn_is_sent()
    {
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix: true);
        var writer = new EndWriter(connection);
        fixture.Loop.Attach(writer);
        await fixture.OnLoop(() => Task.CompletedTask);
        client.ReceiveExactly(3).Should().Equal("end"u8.ToArray());
        client.Dispose();
        await connection.DisposeAsync();
    }

    private static Task Turn(EventLoop loop)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(_ => done.SetResult(), null);
        return done.Task;
    }

    private sealed class Recorder(Action<EpollEvents>? action = null) : IDescriptorHandler
    {
        public int Calls { get; private set; }

        public void OnEvents(EpollEvents events)
        {
            Calls++;
            action?.Invoke(events);
        }
    }

    private class Participant : ILoopParticipant
    {
        private bool _isAwake;
        private bool _hasWorked;

        public List<Exception> Failures { get; } = [];

        public volatile int Seconds;

        public bool Order { get; private set; } = true;

        public int SleepLimit => -1;

        public bool WantsSeconds => true;

        public bool BeforeSleep()
        {
            Order &= !_isAwake || _hasWorked;
            _isAwake = false;
            return false;
        }

        public void AfterWake()
        {
            _isAwake = true;
            _hasWorked = false;
        }

        public virtual void EndOfTurn()
        {
            Order &= _isAwake;
            _hasWorked = true;
        }

        public void OnSecond() => Seconds++;
    }

    private sealed class EndWriter(ClientConnection connection) : Participant
    {
        private bool _hasWritten;

        public override void EndOfTurn()
        {
            base.EndOfTurn();
            if (_hasWritten)
                return;
            _hasWritten = true;
            connection.Output.WriteAsync("end"u8.ToArray()).IsCompleted.Should().BeTrue();
        }
    }
}
