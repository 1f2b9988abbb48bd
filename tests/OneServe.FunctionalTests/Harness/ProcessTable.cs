using System.Globalization;
using System.Text;

namespace OneServe.FunctionalTests.Harness;

/// <summary>One process as /proc shows it. Its start time tells it from another that got the same pid later.</summary>
/// <param name="Title">The command line, arguments separated by spaces.</param>
/// <param name="StartTime">Clock ticks since boot (proc(5), stat field 22).</param>
internal sealed record ProcessEntry(int Pid, int Parent, int Session, char State, long StartTime, string Title)
{
    public bool IsZombie => State is 'Z' or 'X';

    /// <summary>`3` of `oneserve: worker 3`; 0 when this is no worker.</summary>
    public int WorkerNumber =>
        Title.StartsWith(ProcessTitles.Worker, StringComparison.Ordinal)
            && int.TryParse(Title.AsSpan(ProcessTitles.Worker.Length), out int number) ? number : 0;

    public override string ToString() => $"{Pid} (parent {Parent}, session {Session}, {State}) {Title}";
}

/// <summary>The titles of the processes (docs/protocol.md).</summary>
internal static class ProcessTitles
{
    public const string Gateway = "oneserve: gateway";
    public const string Prototype = "oneserve: prototype";
    public const string Worker = "oneserve: worker ";
}

/// <summary>Snapshots of /proc.</summary>
internal static class ProcessTable
{
    public static IReadOnlyList<ProcessEntry> Read()
    {
        var entries = new List<ProcessEntry>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Read(pid) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>Null when there is no such process.</summary>
    public static ProcessEntry? Read(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            string title = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Replace('\0', ' ').TrimEnd();

            // The name in parentheses may hold spaces and parentheses: fields are counted after the last one.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessEntry(pid, Number(fields[1]), Number(fields[3]), fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture), title);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>True when the process was started with this variable; false too where its environment cannot be read.</summary>
    public static bool HasVariable(int pid, string assignment)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Contains(assignment, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
