using OneServe.Application;
using OneServe.Configuration;
using OneServe.Master.Commands;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <content>What people ask for: commands, bytes of a pipe, touched files.</content>
internal sealed partial class Supervisor
{
    private readonly List<Action<string>> _waitForThisReload = [];
    private readonly List<Action<string>> _waitForNextReload = [];
    private bool _isPaused;

    bool IGenerationOwner.IsPaused => _isPaused;

    void IGenerationOwner.GenerationIsIdle(TimeSpan idle)
    {
        if (IsStopping)
            return;
        _context.Log.Information("Stopping: nothing has been asked for {Seconds} s (die-on-idle)", idle.TotalSeconds);
        Take(MasterEvent.StopSignal);
    }

    /// <summary>`oneserve reload` or `oneserve stop`; the answer comes when it is done, that of a stop is the end of the process.</summary>
    public void Command(string command, Action<string> answer)
    {
        switch (command)
        {
            case CommandLink.Reload when IsStopping:
                answer(CommandLink.Failed + "the server is stopping");
                break;
            case CommandLink.Reload:
                _waitForNextReload.Add(answer);
                Take(MasterEvent.ReloadSignal);
                break;
            case CommandLink.Pause or CommandLink.Resume:
                Pause(command == CommandLink.Pause);
                answer(CommandLink.Done);
                break;
            case CommandLink.Stop:
                _context.Log.Information("Stopping (command)");
                if (!IsStopping)
                    Take(MasterEvent.StopSignal);
                break;
            default:
                answer(CommandLink.Failed + $"`{command}` is no command");
                break;
        }
    }

    /// <summary>`uwsgi.reload()` and `uwsgi.stop()`. What the old code asks for while the new one takes over is not for the new one.</summary>
    void IGenerationOwner.ApplicationAsks(Generation generation, string command, int worker)
    {
        if (IsStopping || generation != _current)
            return;
        _context.Log.Information("The application asks for a {Command} (worker {Number})", command, worker);
        Command(command, static _ => { });
    }

    /// <summary>A byte of a `master-fifo`. Unknown ones are passed over, as in uWSGI.</summary>
    public void ReceiveByte(char command)
    {
        switch (command)
        {
            case 'r' or 'R' or 'w' or 'W':
                Take(MasterEvent.ReloadSignal);
                break;
            case 'c':
                ReloadByChain();
                break;
            case 'q' when !IsStopping:
                Receive(Signals.Terminate);
                break;
            case 'Q':
                Receive(Signals.Terminate);
                if (_machine.State == MasterState.Draining)
                    Receive(Signals.Terminate);
                break;
            case 's':
                LogFigures();
                break;
            case '+':
                TellOfWorkers(_current!.GrowByOne(), "one worker more");
                break;
            case '-':
                TellOfWorkers(_current!.ShrinkByOne(), "one worker less");
                break;
            case 'p':
                Pause(!_isPaused);
                break;
            case 'l':
                ReopenLog();
                break;
            case 'L':
                RotateLog();
                break;
        }
    }

    private void Touched(Setting setting)
    {
        _context.Log.Information("{Path} has been touched", setting.Value);
        if (setting.Name == "touch-chain-reload")
            ReloadByChain();
        else
            Take(MasterEvent.ReloadSignal);
    }

    private void LogTouched(Setting setting)
    {
        if (setting.Name == "touch-logrotate")
            RotateLog();
        else
            ReopenLog();
    }

    private void ReopenLog()
    {
        if (_context.Collector is not { } collector)
        {
            _context.Log.Information("The log is standard error: whoever keeps it opens it again");
            return;
        }
        collector.Reopen();
        _context.Log.Information("Log files are opened again");
    }

    private void RotateLog()
    {
        if (_context.Collector is not { } collector)
        {
            _context.Log.Information("The log is standard error: whoever keeps it renames it");
            return;
        }
        _context.Log.Information("Log files are renamed");
        collector.Rotate();
    }

    /// <summary>
    /// Worker by worker, where each imports the application for itself. Else the code is in the prototype: then it is a reload, which is no less gentle.
    /// </summary>
    private void ReloadByChain()
    {
        if (_machine.State != MasterState.Serving || _building is not null || !_current!.Options.Application.Lazy)
        {
            Take(MasterEvent.ReloadSignal);
            return;
        }
        _context.Log.Information("Replacing the workers one by one");
        _current.ReplaceEach(why =>
        {
            if (why is null)
                _context.Log.Information("The workers have been replaced one by one");
            else
                _context.Log.Error("Replacing the workers ended, those that are left stay. {Why}", why);
        });
    }

    /// <summary>While it pauses, requests wait in the gateway; files are served.</summary>
    private void Pause(bool pauses)
    {
        if (pauses == _isPaused)
            return;
        _isPaused = pauses;
        _context.Log.Information(pauses ? "Paused: requests wait" : "Resumed");
        _gateway.Send(pauses ? CommandLink.Pause : CommandLink.Resume);
        if (!pauses)
            _current?.StartScaling();
    }

    private void TellOfWorkers(string? refusal, string done)
    {
        string howLong = _current!.Options.Scaling.IsOn ? "" : ", until the next reload";
        if (refusal is null)
            _context.Log.Information("{Done}{HowLong} (command)", done, howLong);
        else
            _context.Log.Warning("The number of workers stays: {Reason}", refusal);
    }

    /// <summary>Those who asked before it began wait for this reload; who asks from now on waits for the next one.</summary>
    private void BeginReload()
    {
        _waitForThisReload.AddRange(_waitForNextReload);
        _waitForNextReload.Clear();
    }

    private void EndReload(string answer)
    {
        foreach (var tell in _waitForThisReload)
            tell(answer);
        _waitForThisReload.Clear();
    }

    private void LogFigures()
    {
        var board = _context.Memory.Board;
        foreach (var worker in _current?.Workers ?? [])
        {
            ulong requests = 0, exceptions = 0;
            int busy = 0;
            for (int line = worker.Line; line < worker.Line + _current!.Options.Threads; line++)
            {
                requests += board[line, SlotWord.Requests];
                exceptions += board[line, SlotWord.Exceptions];
                busy += board[line, SlotWord.Taken] != board[line, SlotWord.Done] ? 1 : 0;
            }
            var gevent = _current!.Options.Gevent;
            bool hasGreenlets = gevent.Requests > 0;
            _context.Log.Information(
                "Worker {Number} (pid {Pid}): {Busy} of {Slots} {Kind:l} busy, {Requests} requests, {Exceptions} exceptions",
                worker.Number,
                worker.Pid,
                hasGreenlets ? (int)board[worker.Line, SlotWord.InFlight] : busy,
                hasGreenlets ? gevent.Requests : _current!.Options.Threads,
                hasGreenlets ? "greenlets" : "threads",
                requests,
                exceptions);
        }
    }
}
