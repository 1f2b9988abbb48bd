using System.Diagnostics;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Waiting for a condition with a deadline; nothing in these tests sleeps and hopes.</summary>
internal static class Poll
{
    /// <summary>Deadline for what takes a moment on an idle machine and some seconds on a loaded one.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static async Task Until(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        await Until(() => Task.FromResult(condition()), what, deadline);

    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static async Task Until(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Soon;
        if (!await Holds(condition, limit))
        {
            throw new TimeoutException($"not within {limit.TotalSeconds:0.#} s: {what}");
        }
    }

    /// <summary>Whether it comes to hold in time: for what says more than a time-out when it does not.</summary>
    public static Task<bool> Holds(Func<bool> condition, TimeSpan deadline) => Holds(() => Task.FromResult(condition()), deadline);

    private static async Task<bool> Holds(Func<Task<bool>> condition, TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > deadline)
            {
                return false;
            }

            await Task.Delay(Interval);
        }

        return true;
    }
}
