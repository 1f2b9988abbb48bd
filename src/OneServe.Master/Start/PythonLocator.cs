using OneServe.Configuration;

namespace OneServe.Master.Start;

/// <summary>Finds the Python interpreter that runs the application.</summary>
/// <param name="environment">Looks up an environment variable.</param>
/// <param name="isExecutable">Whether a path leads to a file that may be executed.</param>
internal sealed class PythonLocator(Func<string, string?> environment, Func<string, bool> isExecutable)
{
    /// <summary>The interpreter of `home`; else of the active virtual environment; else the first `python3` of PATH.</summary>
    /// <exception cref="StartException">There is none; the message lists what was looked for.</exception>
    public string Find(Setting? home)
    {
        var looked = new List<string>();
        if (home is not null)
        {
            return First([Path.Combine(home.Value, "bin/python"), Path.Combine(home.Value, "bin/python3")], looked)
                ?? throw new StartException($"{home.Source}: {home}: there is no Python in it.\n{Looked(looked)}\n"
                    + $"Make a virtual environment there (`python3 -m venv {home.Value}`), or correct the path.");
        }
        string? active = environment("VIRTUAL_ENV");
        if (!string.IsNullOrEmpty(active) && First([Path.Combine(active, "bin/python")], looked) is { } inEnvironment)
            return inEnvironment;
        var onPath = (environment("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(static folder => Path.Combine(folder, "python3"));
        return First(onPath, looked)
            ?? throw new StartException($"There is no `python3` in the directories of PATH to run the application with.\n{Looked(looked)}\n"
                + "Install Python 3.8 or later, or name a virtual environment (`home = /path/to/venv`).");
    }

    private string? First(IEnumerable<string> candidates, List<string> looked)
    {
        foreach (string candidate in candidates)
        {
            if (isExecutable(candidate))
                return candidate;
            looked.Add(candidate);
        }
        return null;
    }

    private static string Looked(List<string> looked)
        => looked.Count == 0 ? "PATH is empty." : "Looked for:\n" + string.Join('\n', looked.Select(static path => "  " + path + Dangling(path)));

    /// <summary>A virtual environment whose Python has been removed or upgraded is the usual cause.</summary>
    private static string Dangling(string path)
    {
        var link = new FileInfo(path);
        return link.LinkTarget is { } target && !File.Exists(path) ? $" (a link to {target}, which has gone)" : "";
    }
}
