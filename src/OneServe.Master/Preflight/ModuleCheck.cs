using OneServe.Configuration;

namespace OneServe.Master.Preflight;

/// <summary>
/// Looks for the application's module as the import system would, without running it: in `pythonpath`, in `chdir`, in the packages of
/// `home`. What it cannot see (an import hook, a .pth file, a zip) it does not judge.
/// </summary>
internal static class ModuleCheck
{
    /// <summary>A place that cannot be looked into.</summary>
    private const string Unknown = "";

    public static void Run(ServerOptions options, string? python, Findings findings)
    {
        var application = options.Application;
        // Where the directory is missing that has been told, and the rest follows from it.
        if (application.Module is not { } module || (application.Directory is { } chdir && !Directory.Exists(chdir.Value)))
            return;
        string name = module.Value.Split(':')[0].Trim();
        string[] parts = name.Split('.');
        if (parts.Any(static part => part.Length == 0 || part.Contains('/')))
            return;
        string[] own = [.. application.PythonPath.Select(static path => path.Value), application.Directory?.Value ?? Environment.CurrentDirectory];
        if (own.FirstOrDefault(folder => IsModule(folder, parts[0])) is { } root)
            LookInside(root, parts, module, findings);
        else if (!IsPackaged(application.Home?.Value ?? Prefix(python), parts[0]))
        {
            string seen = string.Join(", ", own);
            findings.Add(
                DiagnosticSeverity.Warning, module, $"there is no module {parts[0]} in {seen}, nor among the packages of this Python",
                NearBy(own, parts) ?? "set chdir or pythonpath to the directory above it; `oneserve check --load` tries the import");
        }
    }

    private static void LookInside(string root, string[] parts, Setting module, Findings findings)
    {
        string folder = root;
        for (int i = 0; i < parts.Length; i++)
        {
            if (!IsModule(folder, parts[i]))
            {
                string[] names = [.. Modules(folder).Take(8)];
                findings.Add(
                    DiagnosticSeverity.Error, module, $"there is no module {string.Join('.', parts[..(i + 1)])}: {folder} has no {parts[i]}.py",
                    names.Length > 0 ? $"it has {string.Join(", ", names)}" : null);
                return;
            }
            folder = Path.Combine(folder, parts[i]);
            if (!Directory.Exists(folder))
                return; // a module: what is below it, its code decides
        }
    }

    private static bool IsModule(string folder, string name)
        => File.Exists(Path.Combine(folder, name + ".py")) || Directory.Exists(Path.Combine(folder, name)) || HasExtension(folder, name);

    private static bool HasExtension(string folder, string name)
        => Entries(folder, name + ".*").Any(static file => file.EndsWith(".so", StringComparison.Ordinal) || file.EndsWith(".pyc", StringComparison.Ordinal));

    /// <summary>Packages lie in lib/python3.N/site-packages, Debian's in dist-packages.</summary>
    private static bool IsPackaged(string? prefix, string name)
    {
        if (prefix is null)
            return true;
        string[] libraries = [Path.Combine(prefix, "lib"), Path.Combine(prefix, "local", "lib"), "/usr/lib", "/usr/local/lib"];
        return libraries.SelectMany(static library => Entries(library, "python3*"))
            .SelectMany(static version => (string[])[Path.Combine(version, "site-packages"), Path.Combine(version, "dist-packages"), version])
            .SelectMany(static folder => (string[])[folder, .. Added(folder)])
            .Any(folder => folder == Unknown || IsModule(folder, name));
    }

    /// <summary>Directories that .pth files add to the path (site, in Python's library); one that runs code may add anything.</summary>
    private static IEnumerable<string> Added(string folder)
    {
        foreach (string file in Entries(folder, "*.pth"))
        {
            if (Path.GetFileName(file).StartsWith("__editable__", StringComparison.Ordinal))
                yield return Unknown;
            string[] lines = [];
            try
            {
                lines = File.ReadAllLines(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Nor could Python.
            }
            foreach (string line in lines.Where(static line => line.Length > 0 && line[0] != '#' && !line.StartsWith("import", StringComparison.Ordinal)))
                yield return Path.Combine(folder, line.Trim());
        }
    }

    private static string? Prefix(string? python) => Path.GetDirectoryName(Path.GetDirectoryName(python));

    /// <summary>The directory above it is a frequent slip: `chdir = /srv/site/site` for the module site.wsgi.</summary>
    private static string? NearBy(string[] folders, string[] parts)
    {
        foreach (string folder in folders)
        {
            string? parent = Path.GetDirectoryName(folder.TrimEnd('/'));
            if (parent is not null && IsModule(parent, parts[0]))
                return $"chdir = {parent}";
            if (Entries(folder, "*").FirstOrDefault(child => Directory.Exists(child) && IsModule(child, parts[0])) is { } below)
                return $"chdir = {below}";
        }
        return null;
    }

    private static IEnumerable<string> Modules(string folder) => Entries(folder, "*.py")
        .Select(static file => Path.GetFileNameWithoutExtension(file)!).Where(static name => name != "__init__").Order(StringComparer.Ordinal);

    private static string[] Entries(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, pattern) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
