namespace OneServe.Tests;

/// <summary>Where the tests find what lies beside the sources.</summary>
internal static class Repository
{
    /// <summary>The folder with OneServe.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OneServe.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("OneServe.sln is in no folder above " + AppContext.BaseDirectory);
    }
}
