namespace OneServe.FunctionalTests.Harness;

/// <summary>Where things are: found by walking up from the test assembly to the solution.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Apps => Path.Combine(Root, "tests", "apps");

    /// <summary>The native executable: ONESERVE_BINARY, else artifacts/oneserve.</summary>
    /// <exception cref="FileNotFoundException">It has not been built.</exception>
    public static string Executable
    {
        get
        {
            string path = Environment.GetEnvironmentVariable("ONESERVE_BINARY") is { Length: > 0 } named
                ? Path.GetFullPath(named)
                : Path.Combine(Root, "artifacts", "oneserve");
            return File.Exists(path)
                ? path
                : throw new FileNotFoundException($"The executable under test is missing: {path}. Run `make build`, or set ONESERVE_BINARY.");
        }
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "OneServe.sln")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No OneServe.sln above {AppContext.BaseDirectory}.");
    }
}
