using OneServe.Configuration;
using OneServe.Gateway;
using OneServe.Tests.Application;
using OneServe.Tests.Transport;

namespace OneServe.Tests.Gateway;

public sealed class LoadMeterTests
{
    private readonly List<string> _told = [];

    [Fact]
    public async Task It_tells_what_has_changed_and_no_more()
    {
        await using var rig = new DispatcherRig();
        var counts = new RequestCounts();
        var worker = (await rig.PoolAsync(7, 1))[0];
        await rig.OnLoop(() => Meter(rig, counts).Measure(7, new ScalingOptions { Least = 1 }, Tell));
        await Poll.Until(() => Last() is ["load", "7", "0", _, "0", "0", "0"], "the beginning is told");

        await rig.SubmitAsync();
        await rig.SubmitAsync();
        await Poll.Until(() => Last()[2] == "2", "two requests are told");
        worker.Reply(worker.Take()!.Value, "one");
        worker.Reply(worker.Take()!.Value, "two");
        counts.Add(isWorkers: true);
        await Poll.Until(() => Last() is [_, _, "0", _, not "0", "1", _], "their end is told");

        int count = Count();
        await rig.WaitAsync(TimeSpan.FromSeconds(0.3));
        Count().Should().Be(count, "nothing has changed");
        Busy(Last()).Should().BeLessThanOrEqualTo(Time(Last()) - Time(First()), "one slot cannot be at work for longer than the time that has passed");
    }

    [Fact]
    public async Task Greenlets_are_slots_and_no_more_of_them_are_at_work_than_there_are()
    {
        await using var rig = new DispatcherRig();
        await rig.OwnQueuesAsync(7, requests: 3, 4);
        await rig.OnLoop(() => Meter(rig, new RequestCounts()).Measure(7, new ScalingOptions { Least = 1 }, Tell));
        for (int i = 0; i < 8; i++)
            await rig.SubmitAsync();
        await Poll.Until(() => Last()[2] == "8", "all are told");
        string[] before = Last();
        await rig.WaitAsync(TimeSpan.FromSeconds(0.2));

        await rig.SubmitAsync();
        await Poll.Until(() => Last()[2] == "9", "one more is told");

        (Busy(Last()) - Busy(before)).Should().Be(3 * (Time(Last()) - Time(before)));
    }

    [Fact]
    public async Task It_is_silent_where_nobody_wants_to_know()
    {
        await using var rig = new DispatcherRig();
        await rig.PoolAsync(7, 1);
        await rig.OnLoop(() => Meter(rig, new RequestCounts()).Measure(7, new ScalingOptions(), Tell));

        await rig.SubmitAsync();
        await rig.WaitAsync(TimeSpan.FromSeconds(0.2));

        Count().Should().Be(0);
    }

    [Fact]
    public async Task It_tells_ten_times_a_second_at_most()
    {
        await using var rig = new DispatcherRig();
        await rig.PoolAsync(7, 1);
        await rig.OnLoop(() => Meter(rig, new RequestCounts()).Measure(7, new ScalingOptions { Least = 1 }, Tell));
        for (int i = 0; i < 50; i++)
        {
            await rig.SubmitAsync();
            await rig.WaitAsync(TimeSpan.FromMilliseconds(10));
        }
        await Poll.Until(() => Last()[2] == "50", "all are told");

        lock (_told)
        {
            long[] times = [.. _told.Select(told => Time(told.Split(' ')))];
            times.Zip(times.Skip(1), static (earlier, later) => later - earlier).Should().OnlyContain(static time => time >= 100);
        }
    }

    private static LoadMeter Meter(DispatcherRig rig, RequestCounts counts) => new(rig.Loop, rig.Dispatcher, [], counts);

    private static long Time(string[] words) => long.Parse(words[3]);

    private static long Busy(string[] words) => long.Parse(words[4]);

    private void Tell(string message)
    {
        lock (_told)
            _told.Add(message);
    }

    private int Count()
    {
        lock (_told)
            return _told.Count;
    }

    private string[] First()
    {
        lock (_told)
            return _told[0].Split(' ');
    }

    private string[] Last()
    {
        lock (_told)
            return _told.Count == 0 ? ["", "", "", "", "", "", ""] : _told[^1].Split(' ');
    }
}
