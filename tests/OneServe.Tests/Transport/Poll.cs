using System.Diagnostics;

namespace OneServe.Tests.Transport;

/// <summary>Waiting for a condition, with a deadline.</summary>
internal static class Poll
{
    public static async Task Until(Func<bool> condition, string what, int seconds = 20)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed.TotalSeconds > seconds)
                throw new TimeoutException("Not reached in time: " + what);
            await Task.Delay(5);
        }
    }
}
