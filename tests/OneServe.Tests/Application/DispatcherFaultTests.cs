using OneServe.Application;

namespace OneServe.Tests.Application;

/// <summary>Clients that leave, workers that send garbage, requests that cannot be sent.</summary>
public sealed class DispatcherFaultTests
{
    [Fact]
    public async Task A_client_that_leaves_takes_its_waiting_request_along()
    {
        await using var rig = new DispatcherRig();
        var request = await rig.SubmitAsync();

        await rig.OnLoop(() => rig.Dispatcher.Withdraw(request));
        var worker = (await rig.PoolAsync(1, 1))[0];
        await rig.SettleAsync();

        worker.Take().Should().BeNull();
        rig.Dispatcher.Waiting.Should().Be(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_is_told_that_the_client_has_left_before_or_after_it_took_the_request(bool before)
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 1))[0];
        var request = await rig.SubmitAsync();
        ulong id = before ? 0 : worker.Take()!.Value;

        await rig.OnLoop(() => rig.Dispatcher.Withdraw(request));
        if (before)
            id = worker.Take()!.Value;
        worker.Send(id, 1, "head");
        await rig.SettleAsync();
        worker.Cancelled.Should().Be(id, "else an endless answer would hold the slot for ever");

        worker.Send(id, 4);
        await rig.SettleAsync();
        request.Log.Should().BeEmpty();
        rig.Dispatcher.Outstanding.Should().Be(0);
    }

    [Fact]
    public async Task A_request_in_the_queue_is_marked_when_its_client_leaves()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 1))[0];
        var left = await rig.SubmitAsync();
        await rig.SubmitAsync();
        rig.Dispatcher.IsQueued(left).Should().BeTrue("two are out, and one slot is there");

        await rig.OnLoop(() => rig.Dispatcher.Withdraw(left));

        worker.MayRun(worker.Take()!.Value).Should().BeFalse("nobody waits for it");
        worker.MayRun(worker.Take()!.Value).Should().BeTrue();
    }

    [Fact]
    public async Task A_request_for_which_a_worker_is_free_is_not_queued()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 1))[0];
        var first = await rig.SubmitAsync();
        rig.Dispatcher.IsQueued(first).Should().BeFalse("the slot takes it at once");

        worker.Take();
        var second = await rig.SubmitAsync();

        rig.Dispatcher.IsQueued(first).Should().BeFalse("it is in work");
        rig.Dispatcher.IsQueued(second).Should().BeTrue();
    }

    [Fact]
    public async Task A_client_that_leaves_in_a_pause_frees_the_link()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 1))[0];
        var first = await rig.SubmitAsync(new FakeRequest { Takes = false });
        var second = await rig.SubmitAsync();
        ulong id = worker.Take()!.Value;
        worker.Send(id, 1, "head");
        worker.Send(id, 2, "one");
        await rig.SettleAsync();
        worker.Send(id, 4);
        ulong next = worker.Take()!.Value;
        worker.Send(next, 1, "head");
        worker.Send(next, 3);

        await rig.OnLoop(() => rig.Dispatcher.Withdraw(first));

        first.Log.Should().Be("head one");
        second.Log.Should().Be("head end");
    }

    [Theory]
    [InlineData("lengths")]
    [InlineData("head in the ring")]
    [InlineData("head in the link")]
    [InlineData("second head")]
    [InlineData("ring after head")]
    [InlineData("end without head")]
    [InlineData("frame")]
    public async Task Garbage_is_reported_once_and_its_requests_are_answered_when_the_worker_is_dead(string kind)
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 7))[0];
        var request = await rig.SubmitAsync(new FakeRequest(safe: false));
        var later = await rig.SubmitAsync(new FakeRequest(safe: false));
        ulong id = worker.Take()!.Value;
        switch (kind)
        {
            case "lengths":
                worker.ReplyGarbage(id);
                break;
            case "head in the ring":
                worker.Reply(id, "body", "bad");
                break;
            case "head in the link":
                worker.Send(id, 1, "bad");
                break;
            case "second head":
                worker.Send(id, 1, "head");
                worker.Send(id, 1, "head");
                break;
            case "ring after head":
                worker.Send(id, 1, "head");
                await rig.SettleAsync();
                worker.Reply(id, "body");
                break;
            case "end without head":
                worker.Send(id, 3);
                break;
            case "frame":
                worker.Send(id, 99, "payload");
                break;
        }
        await rig.SettleAsync();
        worker.ReplyGarbage(id);
        await rig.SettleAsync();
        rig.Garbage.Should().Equal(7);

        ulong last = worker.Take()!.Value;
        await rig.DiedAsync(worker, last);

        request.Log.Should().EndWith("WorkerDied");
        later.Log.Should().Be("WorkerDied");
        rig.Garbage.Should().Equal(7);
        rig.Dispatcher.Outstanding.Should().Be(0);
    }

    [Fact]
    public async Task Resuming_a_link_that_was_closed_for_garbage_does_nothing()
    {
        await using var rig = new DispatcherRig();
        var (worker, request, id) = await rig.HeldAsync();
        worker.ReplyGarbage(id);
        await rig.SettleAsync();

        await rig.OnLoop(() => rig.Dispatcher.Resume(request));
        await rig.DiedAsync(worker, id);

        request.Log.Should().Be("head one WorkerDied");
    }

    [Fact]
    public async Task Answers_to_nobody_are_dropped()
    {
        await using var rig = new DispatcherRig();
        var worker = (await rig.PoolAsync(1, 1))[0];
        var request = await rig.SubmitAsync();
        ulong id = worker.Take()!.Value;

        worker.Reply(id - (1UL << SharedLayout.SequenceBits), "of an epoch before");
        worker.Reply(id + 1, "never asked");
        worker.Send(id + 1, 1, "head");
        worker.Send(id + 1, 2, "data");
        worker.Send(id + 1, 3);
        worker.Reply(id, "right");
        await rig.SettleAsync();

        request.Log.Should().Be("reply(right)");
        rig.Garbage.Should().BeEmpty();
    }

    [Theory]
    [InlineData(100_000)] // beyond the socket's buffer
    [InlineData(200_000)] // beyond the packet's buffer
    public async Task A_request_too_large_for_a_packet_is_refused_and_stops_nobody(int size)
    {
        await using var rig = new DispatcherRig { QueueBuffer = 1 << 15 };
        var worker = (await rig.PoolAsync(1, 1))[0];
        var large = new FakeRequest(size: size);
        var ordinary = new FakeRequest();

        await rig.OnLoop(() =>
        {
            rig.Dispatcher.Submit(large);
            rig.Dispatcher.Submit(ordinary);
        });

        large.Log.Should().Be("TooLarge");
        rig.Dispatcher.Waiting.Should().Be(0);
        worker.Take().Should().NotBeNull();
    }

    [Fact]
    public async Task A_failed_request_may_be_followed_by_the_next_one_of_its_connection_at_once()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, 1, 2);
        var next = new FakeRequest();
        var request = new FakeRequest(safe: false);
        request.Failed = () => rig.Dispatcher.Submit(next);
        await rig.SubmitAsync(request);
        ulong id = workers[0].Take()!.Value;
        workers[0].Send(id, 1, "bad");
        await rig.SettleAsync();

        workers[1].Reply(workers[1].Take()!.Value, "next");
        await rig.SettleAsync();

        request.Log.Should().Be("head WorkerDied");
        next.Log.Should().Be("reply(next)");
    }

    [Fact]
    public async Task Bodies_beyond_the_shared_blocks_travel_by_themselves_and_blocks_come_back()
    {
        await using var rig = new DispatcherRig();
        var workers = await rig.PoolAsync(1, [.. Enumerable.Range(1, 300)]);
        for (int round = 0; round < 2; round++)
        {
            var requests = Enumerable.Range(0, 300).Select(_ => new FakeRequest(body: new byte[2000]).WithBody()).ToArray();
            await rig.OnLoop(() => Array.ForEach(requests, r => rig.Dispatcher.Submit(r)));
            var bodies = new HashSet<string>();
            int packets = 0;
            while (packets < 300)
            {
                if (workers[packets].Take() is not { } id)
                {
                    await rig.SettleAsync();
                    continue;
                }
                bodies.Add(workers[packets].Body).Should().BeTrue("no two requests share a body");
                packets++;
                workers[packets - 1].Pending = id;
            }
            foreach (var worker in workers)
                worker.Reply(worker.Pending, "done");
            await rig.SettleAsync();
            requests.Should().OnlyContain(r => r.Log == "reply(done)");
        }
    }
}
