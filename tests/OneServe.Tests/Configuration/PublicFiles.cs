namespace OneServe.Tests.Configuration;

/// <summary>
/// Configuration files of public projects: the folder that ONESERVE_INI_FILES names, else ../shared/uwsgi-inis beside the repository. Where
/// there is none, the project's own samples.
/// </summary>
internal static class PublicFiles
{
    /// <summary>Null: they are not on this machine.</summary>
    public static string? Folder { get; } = new[]
    {
        Environment.GetEnvironmentVariable("ONESERVE_INI_FILES"), Path.Combine(Repository.Root, "..", "shared", "uwsgi-inis"),
    }.FirstOrDefault(Directory.Exists);

    /// <summary>What the tests say of it.</summary>
    public static string Presence => Folder is null ? "the public files are not on this machine: the project's own samples stand in" : $"files of {Folder}";

    public static IEnumerable<string> Paths =>
        Directory.GetFiles(Folder ?? Path.Combine(Repository.Root, "tests", "OneServe.Tests", "Configuration", "samples")).Order(StringComparer.Ordinal);

    public static TheoryData<string> Theory()
    {
        var files = new TheoryData<string>();
        foreach (string path in Paths)
        {
            files.Add(path);
        }

        return files;
    }
}
