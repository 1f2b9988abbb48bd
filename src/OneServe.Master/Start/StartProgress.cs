using System.Globalization;
using OneServe.Master.Loop;

namespace OneServe.Master.Start;

/// <summary>Tells a person at a terminal what a slow start is waiting for: after a second, and then more and more rarely.</summary>
internal sealed class StartProgress : IDisposable
{
    private static readonly TimeSpan[] Moments = [.. new[] { 1, 3, 5, 10, 20, 30 }.Select(static seconds => TimeSpan.FromSeconds(seconds))];
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(30);

    private readonly EventLoop _loop;
    private readonly Action<string> _show;
    private Func<string?> _waitsFor = static () => null;
    private IDisposable? _timer;
    private TimeSpan _at;

    private StartProgress(EventLoop loop, Action<string> show) => (_loop, _show) = (loop, show);

    /// <param name="loop">Whose timers it uses.</param>
    /// <param name="show">Takes a line; null: nobody looks, nothing is done.</param>
    public static StartProgress Watch(EventLoop loop, Action<string>? show)
    {
        var progress = new StartProgress(loop, show ?? (static _ => { }));
        if (show is not null)
            progress.WaitNext();
        return progress;
    }

    /// <summary>What is waited for from now on, asked at each moment; null: nothing.</summary>
    public void Waits(Func<string?> forWhat) => _waitsFor = forWhat;

    public void Dispose() => _timer?.Dispose();

    private void WaitNext()
    {
        var next = Moments.FirstOrDefault(moment => moment > _at, _at + Later);
        _timer = _loop.Timers.After(next - _at, () =>
        {
            _at = next;
            if (_waitsFor() is { } what)
                _show(string.Create(CultureInfo.InvariantCulture, $"Waiting for {what}: {_at.TotalSeconds:0} s\n"));
            WaitNext();
        });
    }
}
