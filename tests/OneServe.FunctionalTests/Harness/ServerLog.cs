using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OneServe.FunctionalTests.Harness;

/// <summary>What a server has written, line by line, standard output and standard error together.</summary>
internal sealed class ServerLog
{
    private readonly List<string> _lines = [];
    private readonly List<Task> _readers = [];

    public string[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public string Text => string.Join('\n', Lines);

    public void Read(StreamReader stream) => _readers.Add(Task.Run(async () =>
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }));

    /// <summary>Waits until both streams have ended: every process that held them has gone.</summary>
    public async Task<bool> EndedAsync(TimeSpan deadline)
    {
        var all = Task.WhenAll(_readers);
        return await Task.WhenAny(all, Task.Delay(deadline)) == all;
    }

    /// <summary>The first line that matches; lines that are there already count.</summary>
    /// <exception cref="TimeoutException">No such line came in time.</exception>
    public async Task<string> WaitForLineAsync(Regex pattern, TimeSpan? deadline = null, Func<bool>? over = null)
    {
        var limit = deadline ?? Poll.Soon;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            bool last = over?.Invoke() ?? false;
            if (Lines.FirstOrDefault(pattern.IsMatch) is { } line)
            {
                return line;
            }

            if (last || clock.Elapsed > limit)
            {
                throw new TimeoutException($"no line matches /{pattern}/ ({(last ? "the server has ended" : $"waited {limit.TotalSeconds:0.#} s")})");
            }

            await Task.Delay(10);
        }
    }
}
