namespace OneServe.FunctionalTests.Harness;

/// <summary>
/// Configuration files of public projects, in the folder that ONESERVE_INI_FILES names, else in ../shared/uwsgi-inis beside the repository;
/// where there is none, the project's own samples.
/// </summary>
internal static class Corpus
{
    /// <summary>The files; of the public ones those that <paramref name="names"/> lists.</summary>
    public static IReadOnlyList<string> Files(IEnumerable<string> names) => Folder is { } folder
        ? [.. names.Select(name => Path.Combine(folder, name)).Where(File.Exists)]
        : Directory.GetFiles(Path.Combine(Repository.Root, "tests", "OneServe.Tests", "Configuration", "samples"), "*.ini");

    /// <summary>Null: it is not on this machine.</summary>
    public static string? Folder => new[]
    {
        Environment.GetEnvironmentVariable("ONESERVE_INI_FILES"), Path.Combine(Repository.Root, "..", "shared", "uwsgi-inis"),
    }.FirstOrDefault(Directory.Exists);
}
