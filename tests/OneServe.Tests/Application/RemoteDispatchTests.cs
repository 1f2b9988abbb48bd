using OneServe.Application;
using OneServe.Tests.Transport;
using OneServe.Transport;

namespace OneServe.Tests.Application;

/// <summary>Requests of a second loop: what the dispatcher says and asks crosses over and comes back.</summary>
public sealed class RemoteDispatchTests
{
    private const uint Head = 1;
    private const uint Data = 2;
    private const uint End = 3;
    private const uint Variables = 7;

    [Fact]
    public async Task A_reply_reaches_a_request_of_another_loop_with_its_worker()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 3))[0];
        using var second = new SecondLoop(rig);
        var request = new FakeRequest(body: new byte[5000]).WithBody();

        second.Submit(request).Should().BeTrue();
        ulong id = await TakenAsync(worker);
        worker.Body.Should().NotBeEmpty();
        worker.Reply(id, "hello");

        await LoggedAsync(request, "reply(hello)");
        (request.WorkerPid, request.WorkerRequests).Should().Be((1003, 1));
        rig.Dispatcher.Outstanding.Should().Be(0);
    }

    [Theory]
    [InlineData(true, "reply(second)")]
    [InlineData(false, "WorkerDied")]
    public async Task Its_worker_dies(bool safe, string expected)
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, 1, 2);
        using var second = new SecondLoop(rig);
        var request = new FakeRequest(safe);
        second.Submit(request);

        await rig.DiedAsync(workers[0], await TakenAsync(workers[0]));
        if (workers[1].Take() is { } id)
            workers[1].Reply(id, "second");

        await LoggedAsync(request, expected);
        rig.LostAndRepeated.Should().Equal(safe);
    }

    [Fact]
    public async Task A_client_that_leaves_hears_nothing_and_the_worker_is_told()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 3))[0];
        using var second = new SecondLoop(rig);
        var request = new FakeRequest();
        second.Submit(request);
        ulong id = await TakenAsync(worker);

        second.Withdraw(request);
        await Poll.Until(() => worker.Cancelled == id, "the worker is told");
        worker.Reply(id, "too late");
        await rig.SettleAsync();

        second.Settle();
        request.Log.Should().BeEmpty();
        rig.Dispatcher.Outstanding.Should().Be(0);
    }

    [Fact]
    public async Task A_slow_client_holds_the_worker_back_until_it_takes_data_again()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 3))[0];
        using var second = new SecondLoop(rig);
        var request = new FakeRequest { Takes = false };
        second.Submit(request);
        ulong id = await TakenAsync(worker);

        worker.Send(id, Head, "head");
        worker.Send(id, Data, "one");
        await LoggedAsync(request, "head one");
        await rig.SettleAsync();
        worker.Send(id, Data, "two"); // on its way already when the dispatcher hears of it, at the most
        worker.Send(id, Data, "three");
        worker.Send(id, Variables, "values");
        worker.Send(id, End);
        await rig.SettleAsync();
        second.Settle();
        request.Log.Should().NotContain("end");

        request.Takes = true;
        second.Resume(request);
        await LoggedAsync(request, "head one two three variables end");
    }

    [Fact]
    public async Task Garbage_is_answered_and_told()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 3))[0];
        using var second = new SecondLoop(rig);
        var request = new FakeRequest();
        second.Submit(request);

        worker.Reply(await TakenAsync(worker), "body", head: "bad");

        await LoggedAsync(request, "reply(body) WorkerDied");
        await Poll.Until(() => rig.Garbage.Count > 0, "the worker is reported");
        rig.Garbage.Should().Equal(3);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused()
    {
        await using var rig = new DispatcherRig();
        await rig.PoolAsync(1, 3);
        using var second = new SecondLoop(rig);
        var large = new FakeRequest(size: 300_000);
        second.Submit(large).Should().BeTrue();
        await LoggedAsync(large, "TooLarge");

        await rig.OnLoop(() =>
        {
            rig.Dispatcher.QueueLimit = 1;
            rig.Dispatcher.IsPaused = true;
            rig.Dispatcher.Activate(0);
            rig.Dispatcher.Submit(new FakeRequest());
        });
        var tooMany = new FakeRequest();
        second.Submit(tooMany);
        await LoggedAsync(tooMany, "QueueFull");
    }

    private static async Task<ulong> TakenAsync(FakeWorker worker)
    {
        ulong? id = null;
        await Poll.Until(() => (id = worker.Take()) is not null, "a packet for the worker");
        return id!.Value;
    }

    private static Task LoggedAsync(FakeRequest request, string log) => Poll.Until(() => request.Log == log, $"{log}, not {request.Log}");

    private sealed class SecondLoop : IDisposable
    {
        private readonly EventLoop _loop = new("second loop");
        private readonly RemoteDispatch _dispatch;

        public SecondLoop(DispatcherRig rig)
        {
            _loop.HandlerFailed = rig.Failures.Add;
            _dispatch = new RemoteDispatch(_loop, rig.Loop, rig.Dispatcher);
            _loop.Start();
        }

        public bool Submit(ApplicationRequest request)
        {
            bool taken = false;
            OnLoop(() => taken = _dispatch.Submit(request));
            return taken;
        }

        public void Withdraw(ApplicationRequest request) => OnLoop(() => _dispatch.Withdraw(request));

        public void Resume(ApplicationRequest request) => OnLoop(() => _dispatch.Resume(request));

        /// <summary>What was posted before this call has been done.</summary>
        public void Settle() => OnLoop(static () => { });

        public void Dispose() => _loop.Stop();

        private void OnLoop(Action action)
        {
            using var done = new ManualResetEventSlim();
            _loop.Post(_ =>
            {
                action();
                done.Set();
            }, null);
            done.Wait();
        }
    }
}
