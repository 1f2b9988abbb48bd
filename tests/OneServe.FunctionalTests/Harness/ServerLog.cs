using System.Text.RegularExpressions;

namespace OneServe.FunctionalTests.Harness;

/// <summary>What a server has written, line by line, standard output and standard error together.</summary>
internal sealed class ServerLog
{
    /// <summary>How long what a process has written may take to be read when it has gone.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private readonly List<string> _lines = [];
    private readonly List<Task> _readers = [];
    private volatile TaskCompletionSource? _hold;

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
            await (_hold?.Task ?? Task.CompletedTask);
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }));

    /// <summary>Nobody reads what the server writes, as behind a terminal that is stopped, until the result is disposed of.</summary>
    public IDisposable Hold()
    {
        var hold = _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Release(() =>
        {
            _hold = null;
            hold.SetResult();
        });
    }

    /// <summary>Waits until both streams have ended: every process that held them has gone.</summary>
    public async Task<bool> EndedAsync(TimeSpan deadline)
    {
        try
        {
            await Task.WhenAll(_readers).WaitAsync(deadline);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>The first line that matches; lines that are there already count.</summary>
    /// <exception cref="TimeoutException">No such line came in time.</exception>
    public async Task<string> WaitForLineAsync(Regex pattern, TimeSpan? deadline = null, Func<bool>? over = null)
    {
        var limit = deadline ?? Poll.Soon;
        string? line = null;
        bool isOver = false;
        bool Look()
        {
            isOver = over?.Invoke() ?? false;
            line = Lines.FirstOrDefault(pattern.IsMatch);
            return isOver || line is not null;
        }

        await Poll.Holds(Look, limit);
        if (line is null && isOver)
        {
            // The last words may still be on their way through the pipe.
            await EndedAsync(LastWords);
            line = Lines.FirstOrDefault(pattern.IsMatch);
        }

        return line ?? throw new TimeoutException($"no line matches /{pattern}/ ({(isOver ? "the server has ended" : $"waited {limit.TotalSeconds:0.#} s")})");
    }

    private sealed class Release(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
