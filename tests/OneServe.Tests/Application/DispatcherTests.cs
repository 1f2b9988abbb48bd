using OneServe.Application;

namespace OneServe.Tests.Application;

public sealed class DispatcherTests
{
    [Fact]
    public async Task A_reply_reaches_its_request_and_ids_carry_the_epoch()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 3))[0];
        var request = await rig.SubmitAsync();

        ulong id = worker.Take()!.Value;
        worker.Reply(id, "hello");
        await rig.SettleAsync();

        id.Should().Be((DispatcherRig.Epoch << SharedLayout.SequenceBits) | 1);
        request.Log.Should().Be("reply(hello)");
        (request.WorkerPid, request.WorkerRequests).Should().Be((1003, 1));
        rig.Dispatcher.Outstanding.Should().Be(0);
    }

    [Fact]
    public async Task No_more_is_sent_than_slots_and_prefetch_and_the_oldest_goes_first()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, 1, 2);
        var requests = new FakeRequest[100];
        for (int i = 0; i < requests.Length; i++)
            requests[i] = new FakeRequest();
        await rig.OnLoop(() => Array.ForEach(requests, r => rig.Dispatcher.Submit(r)));

        (rig.Dispatcher.Outstanding, rig.Dispatcher.Waiting).Should().Be((2 + 64, 34));
        rig.Dispatcher.IsBacklogged.Should().BeTrue();

        // A slow slot holds one request; the other one gets all the rest.
        ulong slow = workers[0].Take()!.Value;
        int quick = 0;
        while (workers[1].Take() is { } id)
        {
            workers[1].Reply(id, "quick");
            await rig.SettleAsync();
            quick++;
        }
        quick.Should().Be(99);
        requests[0].Log.Should().BeEmpty();
        requests.Skip(1).Should().OnlyContain(r => r.Log == "reply(quick)");
        workers[0].Reply(slow, "slow");
        await rig.SettleAsync();
        requests[0].Log.Should().Be("reply(slow)");
        rig.Dispatcher.IsBacklogged.Should().BeFalse();
    }

    [Theory]
    [InlineData(true, "reply(second)", 1)]
    [InlineData(false, "WorkerDied", 0)]
    public async Task Only_a_safe_request_is_run_again_and_only_once(bool safe, string expected, int repeats)
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, 1, 2, 3);
        var request = await rig.SubmitAsync(new FakeRequest(safe));

        await rig.DiedAsync(workers[0], workers[0].Take()!.Value);
        if (workers[1].Take() is { } id)
            workers[1].Reply(id, "second");
        await rig.SettleAsync();

        request.Log.Should().Be(expected);
        rig.Dispatcher.Repeats.Should().Be(repeats);
        (rig.Dispatcher.Outstanding, rig.Dispatcher.Waiting).Should().Be((0, 0));

        var unlucky = await rig.SubmitAsync();
        await rig.DiedAsync(workers[1], workers[1].Take()!.Value);
        await rig.DiedAsync(workers[2], workers[2].Take()!.Value);
        unlucky.Log.Should().Be("WorkerDied");
    }

    [Fact]
    public async Task Nothing_is_run_again_when_that_is_switched_off()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, 1, 2);
        await rig.OnLoop(() => rig.Dispatcher.RetriesRequests = false);
        var request = await rig.SubmitAsync();

        await rig.DiedAsync(workers[0], workers[0].Take()!.Value);

        request.Log.Should().Be("WorkerDied");
        rig.LostAndRepeated.Should().Equal(false);
        workers[1].Take().Should().BeNull();
    }

    [Fact]
    public async Task A_request_that_runs_for_too_long_is_given_up_and_told_once()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, 1, 2);
        await rig.OnLoop(() => rig.Dispatcher.RequestTimeLimit = TimeSpan.FromMinutes(1));
        var stuck = await rig.SubmitAsync();
        var young = await rig.SubmitAsync();
        ulong id = workers[0].Take()!.Value;
        workers[0].StartedAgo(TimeSpan.FromSeconds(61));
        workers[1].Take();
        workers[1].StartedAgo(TimeSpan.FromSeconds(30));

        await rig.SecondAsync();
        await rig.SecondAsync();

        (stuck.Log, young.Log).Should().Be(("RanTooLong", ""));
        rig.Overdue.Should().Equal((1, stuck));
        workers[0].Cancelled.Should().Be(id);
        await rig.DiedAsync(workers[0], id);
        (stuck.Log, rig.Dispatcher.Repeats).Should().Be(("RanTooLong", 0), "harakiri is the end of a request");
    }

    [Fact]
    public async Task A_limit_of_its_own_takes_the_place_of_the_one_for_all()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, 1, 2);
        var shorter = await rig.SubmitAsync();
        var longer = await rig.SubmitAsync();
        workers[0].Take();
        workers[0].StartedAgo(TimeSpan.FromSeconds(5));
        workers[0].LimitIn(TimeSpan.FromSeconds(-1));
        workers[1].Take();
        workers[1].StartedAgo(TimeSpan.FromHours(1));
        workers[1].LimitIn(TimeSpan.FromHours(1));

        await rig.SecondAsync();
        (shorter.Log, longer.Log).Should().Be(("RanTooLong", ""), "there is no limit for all");
        await rig.OnLoop(() => rig.Dispatcher.RequestTimeLimit = TimeSpan.FromMinutes(1));
        await rig.SecondAsync();
        longer.Log.Should().BeEmpty();
    }

    [Fact]
    public async Task A_request_whose_time_has_not_been_noted_yet_is_young()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 1))[0];
        await rig.OnLoop(() => rig.Dispatcher.RequestTimeLimit = TimeSpan.FromMinutes(1));
        var request = await rig.SubmitAsync();
        worker.Take();
        worker.StartedAgo(TimeSpan.FromHours(1));
        worker.SentAgo(TimeSpan.FromSeconds(30));

        await rig.SecondAsync();

        request.Log.Should().BeEmpty();
        worker.SentAgo(TimeSpan.FromSeconds(61));
        await rig.SecondAsync();
        request.Log.Should().Be("RanTooLong");
    }

    [Fact]
    public async Task Nobody_waits_for_a_pool_that_rests()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 1))[0];
        await rig.DiedAsync(worker, 0);
        var waiting = await rig.SubmitAsync();

        await rig.OnLoop(() => rig.Dispatcher.LetRest(1, TimeSpan.FromSeconds(99.5)));

        waiting.Log.Should().Be("NoWorkers");
        await rig.OnLoop(() => rig.Dispatcher.Submit(new FakeRequest()).Should().BeFalse());
        await rig.OnLoop(() => rig.Dispatcher.RetryAfter.Should().BeInRange(50, 100));
        worker = await rig.SlotAsync(1, 1);
        var next = await rig.SubmitAsync();
        worker.Reply(worker.Take()!.Value, "again");
        await rig.SettleAsync();
        next.Log.Should().Be("reply(again)");
    }

    [Fact]
    public async Task What_a_dead_worker_has_said_counts()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, 1, 2);
        var whole = await rig.SubmitAsync();
        var begun = await rig.SubmitAsync();
        ulong first = workers[0].Take()!.Value;
        workers[0].Reply(first, "last words");
        ulong second = workers[0].Take()!.Value;
        workers[0].Send(second, 1, "head");
        workers[0].Send(second, 2, "half");

        await rig.DiedAsync(workers[0], second);

        whole.Log.Should().Be("reply(last words)");
        begun.Log.Should().Be("head half WorkerDied", "an answer that has begun cannot be repeated");
    }

    [Fact]
    public async Task A_slow_client_gets_the_whole_answer_of_a_worker_that_has_left_meanwhile()
    {
        await using var rig = new DispatcherRig();
        var (worker, request, id) = await rig.HeldAsync();
        worker.Send(id, 2, "two");
        worker.Send(id, 3);
        worker.Close();
        await rig.SettleAsync(); // the link's end is seen before the master tells of the death
        await rig.DiedAsync(worker, id);

        request.Log.Should().Be("head one");
        await rig.SlotAsync(1, 1);

        await rig.OnLoop(() => rig.Dispatcher.Resume(request));
        request.Log.Should().Be("head one two");
        await rig.OnLoop(() => rig.Dispatcher.Resume(request));
        request.Log.Should().Be("head one two end");
        rig.Dispatcher.Outstanding.Should().Be(0);
    }

    [Fact]
    public async Task A_retired_pool_whose_slots_have_gone_gives_its_requests_to_the_next()
    {
        await using var rig = new DispatcherRig();
        var old = await rig.PoolAsync(1, 1);
        var slow = await rig.SubmitAsync(new FakeRequest { Takes = false });
        var queued = await rig.SubmitAsync(new FakeRequest(safe: false));
        ulong id = old[0].Take()!.Value;
        old[0].Send(id, 1, "head");
        old[0].Send(id, 2, "one");
        await rig.SettleAsync();
        old[0].Send(id, 3);
        var next = await rig.PoolAsync(2, 2);

        await rig.DiedAsync(old[0], id);
        await rig.OnLoop(() => rig.Dispatcher.Retire(1));
        slow.Log.Should().Be("head one", "its last words are still to be delivered");
        await rig.OnLoop(() => rig.Dispatcher.Resume(slow));

        slow.Log.Should().Be("head one end");
        next[0].Reply(next[0].Take()!.Value, "by the next");
        await rig.SettleAsync();
        queued.Log.Should().Be("reply(by the next)");
        (rig.Dispatcher.Outstanding, rig.Dispatcher.Waiting).Should().Be((0, 0));
    }

    [Fact]
    public async Task Retiring_a_pool_without_slots_saves_what_is_in_its_queue()
    {
        await using var rig = new DispatcherRig();
        var old = await rig.PoolAsync(1, 1);
        var request = await rig.SubmitAsync();
        await rig.DiedAsync(old[0], 0);
        var next = await rig.PoolAsync(2, 2);
        await rig.OnLoop(() => rig.Dispatcher.Retire(1));

        next[0].Reply(next[0].Take()!.Value, "saved");
        await rig.SettleAsync();

        request.Log.Should().Be("reply(saved)");
    }
}
