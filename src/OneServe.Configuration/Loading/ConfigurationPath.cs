namespace OneServe.Configuration;

/// <summary>Makes paths absolute.</summary>
internal static class ConfigurationPath
{
    /// <summary>
    /// Joins without resolving `..`: behind a symbolic link it leads elsewhere than the text suggests, and the kernel knows better.
    /// </summary>
    public static string Join(string directory, string path)
    {
        if (path.StartsWith('/'))
        {
            return path.Length > 1 ? path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : path;
        }

        string relative = path.TrimEnd('/');
        while (relative.StartsWith("./", StringComparison.Ordinal))
        {
            relative = relative[2..].TrimStart('/');
        }

        return relative is "" or "." ? directory : Path.Join(directory, relative);
    }

    /// <summary>A path that the language names (a file to read or to look for), from where the server was started.</summary>
    public static string FromStart(this IConfigurationHost host, string path) =>
        path.Length == 0 ? host.CurrentDirectory : Path.GetFullPath(path, host.CurrentDirectory);
}
