namespace OneServe.FunctionalTests.Harness;

/// <summary>
/// All processes of one server. They are found by descent from the master, by the sessions that its children lead, and by a variable that only this server's
/// environment has: a process whose parent has died is found by one of the last two. Every process once seen stays known.
/// </summary>
internal sealed class ProcessTree(int master, string mark)
{
    private readonly Dictionary<int, ProcessEntry> _known = [];
    private readonly HashSet<(int Pid, long StartTime)> _strangers = [];
    private readonly int _ownSession = ProcessTable.Read(Environment.ProcessId)?.Session ?? 0;

    /// <summary>The living processes, the master included.</summary>
    public IReadOnlyList<ProcessEntry> Living()
    {
        lock (_known)
        {
            var table = ProcessTable.Read();
            var sessions = _known.Values.Select(entry => entry.Session).Where(session => session != _ownSession && session != 0).ToHashSet();
            var living = new Dictionary<int, ProcessEntry>();
            bool found = true;
            while (found)
            {
                found = false;
                foreach (var entry in table)
                {
                    if (!living.ContainsKey(entry.Pid) && !entry.IsZombie && Belongs(entry, living, sessions))
                    {
                        living.Add(entry.Pid, entry);
                        if (entry.Session != _ownSession)
                        {
                            sessions.Add(entry.Session);
                        }

                        found = true;
                    }
                }
            }

            foreach (var entry in living.Values)
            {
                _known[entry.Pid] = entry;
            }

            return [.. living.Values.OrderBy(entry => entry.Pid)];
        }
    }

    /// <summary>Ends what is left; used only after a test has failed, or a server was killed on purpose and left something.</summary>
    public void KillAll()
    {
        foreach (var entry in Living())
        {
            Signals.Send(entry.Pid, Signal.Kill);
        }
    }

    private bool Belongs(ProcessEntry entry, Dictionary<int, ProcessEntry> living, HashSet<int> sessions) =>
        entry.Pid == master
        || living.ContainsKey(entry.Parent)
        || sessions.Contains(entry.Session)
        || (_known.TryGetValue(entry.Pid, out var known) && known.StartTime == entry.StartTime)
        || IsMarked(entry);

    /// <summary>A process has the variable from its first moment or never: strangers are looked at once.</summary>
    private bool IsMarked(ProcessEntry entry)
    {
        if (_strangers.Contains((entry.Pid, entry.StartTime)))
        {
            return false;
        }

        if (ProcessTable.HasVariable(entry.Pid, mark))
        {
            return true;
        }

        _strangers.Add((entry.Pid, entry.StartTime));
        return false;
    }
}
