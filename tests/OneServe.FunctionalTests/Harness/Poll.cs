using System.Diagnostics;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Waiting for a condition with a deadline; nothing in these tests sleeps and hopes.</summary>
internal static class Poll
{
    /// <summary>Deadline for what takes a moment on an idle machine and some seconds on a loaded one.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static async Task Until(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        await Until(() => Task.FromResult(condition()), what, deadline);

    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static async Task Until(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Soon;
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"not within {limit.TotalSeconds:0.#} s: {what}");
            }

            await Task.Delay(Interval);
        }
    }
}
