using OneServe.Application;
using OneServe.Master.Commands;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <content>What people ask for otherwise than by signals: commands, bytes of a pipe, touched files.</content>
internal sealed partial class Supervisor
{
    private readonly List<Action<string>> _waitForThisReload = [];
    private readonly List<Action<string>> _waitForNextReload = [];

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

    /// <summary>A byte of a `master-fifo`. Unknown ones are passed over, as in uWSGI.</summary>
    public void ReceiveByte(char command)
    {
        switch (command)
        {
            case 'r' or 'R' or 'w' or 'W' or 'c':
                Take(MasterEvent.ReloadSignal);
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
            case '+' or '-':
                _context.Log.Information("The number of workers is that of `processes`: change it there and reload");
                break;
            case 'p':
                _context.Log.Information("Pausing is not possible here; a reload or a stop loses no request");
                break;
            case 'l' or 'L':
                _context.Log.Information("The log is standard error: whoever keeps it opens it again");
                break;
        }
    }

    private void Touched(string path)
    {
        _context.Log.Information("{Path} has been touched", path);
        Take(MasterEvent.ReloadSignal);
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
            _context.Log.Information(
                "Worker {Number} (pid {Pid}): {Busy} of {Slots} threads busy, {Requests} requests, {Exceptions} exceptions",
                worker.Number, worker.Pid, busy, _current!.Options.Threads, requests, exceptions);
        }
    }
}
