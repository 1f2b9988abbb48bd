namespace OneServe.Application;

/// <summary>The Python files that the executable carries.</summary>
public static class PythonSources
{
    private const string Folder = "python/";

    /// <summary>Text by path, such as `_oneserve/worker.py`.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = Load();

    private static Dictionary<string, string> Load()
    {
        var assembly = typeof(PythonSources).Assembly;
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            files.Add(name[Folder.Length..], reader.ReadToEnd());
        }
        return files;
    }
}
