using OneServe.Application;

namespace OneServe.Tests.Application;

/// <summary>Workers that serve many requests at a time, with a queue each.</summary>
public sealed class OwnQueueTests
{
    private const uint Head = 1;
    private const uint Data = 2;
    private const uint End = 3;
    private const uint Cancel = 16;
    private const uint Pause = 17;
    private const uint Resume = 18;

    /// <summary>Longer than a loop may leave a packet lying.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromMilliseconds(OwnQueue.Patience + 30);

    [Fact]
    public async Task The_worker_with_the_fewest_requests_gets_the_next_and_nobody_more_than_it_serves()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.OwnQueuesAsync(1, 3, 4, 5);
        Take(workers);
        var requests = await SubmitAsync(rig, 8);

        var (first, second) = (workers[0].TakeAll(), workers[1].TakeAll());

        (first.Count, second.Count).Should().Be((3, 3));
        (rig.Dispatcher.Outstanding, rig.Dispatcher.Waiting).Should().Be((6, 2));
        (workers[0].InFlight, workers[1].InFlight).Should().Be((3UL, 3UL));
        workers[1].Reply(second[0], "a");
        workers[1].Reply(second[1], "b");
        await rig.SettleAsync();
        (workers[0].TakeAll().Count, workers[1].TakeAll().Count).Should().Be((0, 2), "there is room again");
        requests.Count(request => request.Log.Length > 0).Should().Be(2);
    }

    [Fact]
    public async Task What_a_busy_loop_has_not_taken_goes_to_another_that_answers()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.OwnQueuesAsync(1, 4, 4, 5);
        Take(workers);
        await SubmitAsync(rig, 4);
        workers[1].TakeAll().Should().HaveCount(2);

        await rig.WaitAsync(Behind);

        // The second worker's loop shows that it turns; the first one's packets are two beside the one that asks.
        workers[1].TakeAll().Should().HaveCount(2, "they were taken back");
        workers[0].TakeAll().Should().BeEmpty();
        (workers[0].InFlight, workers[1].InFlight).Should().Be((0UL, 4UL));

        // It has taken the question: it gets requests again. The other one has no room, so that nothing can be taken back if this test is slow.
        await SubmitAsync(rig, 2);
        workers[0].TakeAll().Should().HaveCount(2);
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_yet_gets_nothing_while_another_does()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.OwnQueuesAsync(1, 10, 4, 5);
        workers[0].TakeAll();

        await SubmitAsync(rig, 5);

        workers[0].TakeAll().Should().HaveCount(5);
        workers[1].TakeAll().Should().BeEmpty("it has not even begun");
    }

    [Fact]
    public async Task Requests_wait_in_the_queue_of_a_worker_that_is_still_starting_when_there_is_no_other()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.OwnQueuesAsync(1, 10, 4))[0];

        await SubmitAsync(rig, 2);

        worker.TakeAll().Should().HaveCount(2);
    }

    [Fact]
    public async Task A_dead_workers_requests_are_repeated_if_that_is_safe_and_those_it_never_took_in_any_case()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.OwnQueuesAsync(1, 10, 4);
        Take(workers);
        var read = await rig.SubmitAsync();
        var write = await rig.SubmitAsync(new FakeRequest(safe: false));
        workers[0].TakeAll().Should().HaveCount(2);
        var untaken = await rig.SubmitAsync(new FakeRequest(safe: false));

        await rig.DiedAsync(workers[0], 0);

        write.Log.Should().Be("WorkerDied");
        (read.Log, untaken.Log).Should().Be(("", ""));
        (rig.Dispatcher.Waiting, rig.Dispatcher.Outstanding, rig.Dispatcher.Repeats).Should().Be((2, 0, 1L));
        rig.LostAndRepeated.Should().BeEquivalentTo([true, false]);
    }

    [Fact]
    public async Task A_worker_cannot_answer_for_another()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.OwnQueuesAsync(1, 10, 4, 5);
        Take(workers);
        var request = await rig.SubmitAsync();
        ulong id = workers[0].TakeAll().Concat(workers[1].TakeAll()).Single();
        var (owner, other) = workers[0].InFlight == 1 ? (workers[0], workers[1]) : (workers[1], workers[0]);

        other.Reply(id, "false");
        await rig.SettleAsync();
        owner.Reply(id, "true");
        await rig.SettleAsync();

        request.Log.Should().Be("reply(true)");
    }

    [Fact]
    public async Task Answers_come_mixed_on_one_link_and_one_that_is_held_back_does_not_hold_the_others()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.OwnQueuesAsync(1, 10, 4))[0];
        worker.TakeAll();
        var (slow, quick) = (await rig.SubmitAsync(), await rig.SubmitAsync());
        ulong[] ids = [.. worker.TakeAll()];
        slow.Takes = false;

        worker.Send(ids[0], Head, "h");
        worker.Send(ids[1], Head, "h");
        worker.Send(ids[0], Data, "one");
        worker.Send(ids[1], Data, "two");
        worker.Send(ids[0], Data, "three");
        worker.Send(ids[1], End);
        await rig.SettleAsync();

        quick.Log.Should().Be("head two end");
        slow.Log.Should().Be("head one three");
        worker.Orders().Should().Equal((Pause, ids[0]));
        slow.Takes = true;
        await rig.OnLoop(() => rig.Dispatcher.Resume(slow));
        worker.Orders().Should().Equal((Resume, ids[0]));
        worker.Send(ids[0], End);
        await rig.SettleAsync();
        slow.Log.Should().Be("head one three end");
    }

    [Fact]
    public async Task A_worker_that_goes_on_with_what_is_held_back_is_not_to_be_trusted()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.OwnQueuesAsync(1, 10, 4))[0];
        worker.TakeAll();
        var slow = await rig.SubmitAsync();
        slow.Takes = false;
        ulong id = worker.TakeAll().Single();
        worker.Send(id, Head, "h");
        string block = new('x', 100_000);

        for (int i = 0; i < 100 && rig.Garbage.Count == 0; i++)
        {
            worker.Send(id, Data, block);
            await rig.SettleAsync();
        }

        rig.Garbage.Should().Equal(4);
    }

    [Fact]
    public async Task A_client_that_leaves_is_told_to_the_worker()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.OwnQueuesAsync(1, 10, 4))[0];
        worker.TakeAll();
        var request = await rig.SubmitAsync();
        ulong id = worker.TakeAll().Single();

        await rig.OnLoop(() => rig.Dispatcher.Withdraw(request));

        worker.Orders().Should().Equal((Cancel, id));
        worker.InFlight.Should().Be(1, "it still works on it");
        worker.Reply(id, "late");
        await rig.SettleAsync();
        worker.InFlight.Should().Be(0);
        request.Log.Should().BeEmpty();
    }

    [Fact]
    public async Task What_runs_too_long_is_given_up_and_no_longer_counts_while_what_has_not_begun_does_not_run()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.OwnQueuesAsync(1, 10, 4))[0];
        worker.TakeAll();
        rig.Dispatcher.RequestTimeLimit = TimeSpan.FromMilliseconds(20);
        var stuck = await rig.SubmitAsync();
        worker.TakeAll().Should().HaveCount(1);
        var untaken = await rig.SubmitAsync();
        // The loop's own look may have come before the packet was taken: then its time begins a second later.
        await rig.WaitAsync(TimeSpan.FromMilliseconds(1050));

        await rig.SecondAsync();
        await rig.SecondAsync();

        stuck.Log.Should().Be("RanTooLong");
        untaken.Log.Should().BeEmpty();
        rig.Overdue.Should().Equal((4, stuck));
        worker.InFlight.Should().Be(1);
    }

    [Fact]
    public async Task A_worker_that_leaves_gets_nothing_more_and_reads_the_end()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.OwnQueuesAsync(1, 10, 4, 5);
        Take(workers);

        await rig.OnLoop(() => rig.Dispatcher.Leave(4));
        await SubmitAsync(rig, 6);

        workers[0].TakeAll().Should().BeEmpty();
        workers[1].TakeAll().Should().HaveCount(6);
    }

    private static void Take(FakeWorker[] workers) => Array.ForEach(workers, static worker => worker.TakeAll());

    private static async Task<FakeRequest[]> SubmitAsync(DispatcherRig rig, int count)
    {
        FakeRequest[] requests = [.. Enumerable.Range(0, count).Select(static _ => new FakeRequest())];
        await rig.OnLoop(() => Array.ForEach(requests, request => rig.Dispatcher.Submit(request)));
        return requests;
    }
}
