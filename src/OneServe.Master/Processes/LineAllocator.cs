namespace OneServe.Master.Processes;

/// <summary>Hands out stretches of scoreboard lines: a worker's slots lie side by side. Line 0 is the header.</summary>
internal sealed class LineAllocator(int lines)
{
    private readonly bool[] _used = new bool[lines];

    /// <summary>Lines that nobody has, wherever they lie.</summary>
    public int Free => _used.Skip(1).Count(static used => !used);

    /// <summary>The first of <paramref name="count"/> lines side by side; 0 when there is no such stretch.</summary>
    public int Take(int count)
    {
        int length = 0;
        for (int line = 1; line < _used.Length; line++)
        {
            length = _used[line] ? 0 : length + 1;
            if (length < count)
                continue;
            int first = line - count + 1;
            Array.Fill(_used, true, first, count);
            return first;
        }
        return 0;
    }

    public void Return(int first, int count) => Array.Fill(_used, false, first, count);
}
