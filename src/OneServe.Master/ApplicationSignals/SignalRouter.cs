using System.Globalization;
using OneServe.Master.Loop;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master.ApplicationSignals;

/// <summary>
/// The signals of one generation's application: who handles them, and when they are raised. Only the generation that gets the requests is given those
/// of timers, times of the day and files, so that none is handled by the old code and the new during a reload.
/// </summary>
internal sealed class SignalRouter(
    TimerQueue timers,
    TimeProvider clock,
    ILogger log,
    Func<IEnumerable<ISignalTaker>> workers,
    Func<bool> isInCharge,
    Func<string, Action, IDisposable> watch) : IDisposable
{
    /// <summary>Signals have the numbers below.</summary>
    public const int Count = 256;

    /// <summary>Schedules of one application; uWSGI has room for 64 timers and 64 times.</summary>
    private const int MostSchedules = 1024;

    /// <summary>A worker that has so many before it handles none: more would only pile up.</summary>
    private const int MostDue = 64;

    private const string One = "one";
    private const string All = "all";

    private readonly Dictionary<int, string> _targets = [];
    private readonly HashSet<int> _inherited = [];
    private readonly Dictionary<(int Signal, string What), IDisposable> _schedules = [];
    private readonly List<(int Signal, CronRule Rule)> _times = [];
    private readonly HashSet<(int Signal, bool Handled)> _told = [];
    private IDisposable? _minute;

    /// <summary>Carries out what the application has said.</summary>
    /// <param name="message">One that <see cref="ApplicationRequests"/> knows.</param>
    /// <param name="ofPrototype">It was said before the workers were forked: all of them have what it registers.</param>
    /// <returns>False: garbage.</returns>
    public bool Take(ControlMessage message, bool ofPrototype)
    {
        switch (message.Verb)
        {
            case "handler" when ApplicationRequests.Numbers(message, 1) is [var signal] && message.Words.Length == 2:
                _targets[signal] = message.Words[1];
                if (ofPrototype)
                    _inherited.Add(signal);
                return true;
            case "signal" when ApplicationRequests.Numbers(message, 1) is [var signal]:
                Raise(signal);
                return true;
            case "timer" when ApplicationRequests.Numbers(message, 3) is [var signal, > 0 and var seconds, >= 0 and var count]:
                AddTimer(signal, TimeSpan.FromSeconds(seconds), count);
                return true;
            case "cron" when ApplicationRequests.Numbers(message, 6) is [var signal, var minute, var hour, var day, var month, var weekday]:
                AddTime(signal, new CronRule(minute, hour, day, month, weekday));
                return true;
            case "watch" when ApplicationRequests.Numbers(message, 1) is [var signal] && message.Text.Length > 0:
                AddOnce(signal, "watch " + message.Text, () => watch(message.Text, () => RaiseOnSchedule(signal)));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Sends the signal to whom it was registered for; where one worker is enough, to the one that has the least to do of this kind.</summary>
    public void Raise(int signal)
    {
        if (!_targets.TryGetValue(signal, out string? target))
        {
            TellOnce(signal, handled: false, "Signal {Signal} has been raised, and nobody has registered a handler for it");
            return;
        }
        var able = workers().Where(worker => worker.TakesSignals && (_inherited.Contains(signal) || worker.Handles(signal))).ToArray();
        var free = able.Where(static worker => worker.SignalsDue < MostDue).OrderBy(static worker => worker.SignalsDue).ThenBy(static worker => worker.Number);
        ISignalTaker[] chosen = target switch
        {
            All => [.. free],
            One => [.. free.Take(1)],
            _ => [.. free.Where(worker => worker.Number.ToString(CultureInfo.InvariantCulture) == target)],
        };
        foreach (var worker in chosen)
            worker.Signal(signal);
        if (chosen.Length == 0 && able.Length > 0)
            TellOnce(signal, handled: true, "Signal {Signal} is lost: handlers take longer than their timers leave them, or its worker is not there");
    }

    public void Dispose()
    {
        _minute?.Dispose();
        foreach (var schedule in _schedules.Values)
            schedule.Dispose();
        _schedules.Clear();
        _times.Clear();
    }

    private void AddTimer(int signal, TimeSpan interval, int count)
    {
        string what = $"timer {interval.TotalSeconds} {count}";
        AddOnce(signal, what, () => new RepeatingTimer(timers, clock, interval, count, () => RaiseOnSchedule(signal), () => _schedules.Remove((signal, what))));
    }

    private void AddTime(int signal, CronRule rule)
    {
        if (_times.Contains((signal, rule)) || _times.Count >= MostSchedules)
            return;
        _times.Add((signal, rule));
        if (_minute is null)
            WaitForMinute();
    }

    /// <summary>What each worker says for itself when it imports the application is one schedule, not many.</summary>
    private void AddOnce(int signal, string what, Func<IDisposable> make)
    {
        if (_schedules.ContainsKey((signal, what)))
            return;
        if (_schedules.Count >= MostSchedules)
            log.Warning("Signal {Signal} gets no further timer: there are {Most}", signal, MostSchedules);
        else
            _schedules.Add((signal, what), make());
    }

    private void WaitForMinute()
    {
        var now = clock.GetLocalNow();
        var next = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), now.Offset).AddMinutes(1);
        _minute = timers.After(next - now, () =>
        {
            // A timer may be due a moment early; the minute that begins is meant.
            var minute = clock.GetLocalNow() < next ? next : clock.GetLocalNow();
            foreach (var (signal, rule) in _times.ToArray())
            {
                if (rule.Matches(minute.DateTime))
                    RaiseOnSchedule(signal);
            }
            WaitForMinute();
        });
    }

    private void RaiseOnSchedule(int signal)
    {
        if (isInCharge())
            Raise(signal);
    }

    private void TellOnce(int signal, bool handled, string text)
    {
        if (_told.Add((signal, handled)))
            log.Warning(text, signal);
    }
}
