using System.Globalization;
using OneServe.Configuration;

namespace OneServe.Master.Preflight;

/// <summary>Which Python would run the application; it is not run to find out.</summary>
internal static class PythonCheck
{
    private static readonly Version Oldest = new(3, 8);

    /// <summary>Its path; null when there is none, or no application.</summary>
    public static string? Run(ServerOptions options, Findings findings)
    {
        string? python = null;
        findings.Try(_ => python = MasterProcess.FindPython(options));
        if (python is not null && options.Application.Home is { } home && VersionOf(home.Value) is { } version)
        {
            if (version < Oldest)
                findings.Add(DiagnosticSeverity.Error, home, $"`{home.Name}`: that is Python {version}", "name a virtual environment with Python 3.8 or later");
            else
                findings.Add(DiagnosticSeverity.Notice, home, $"the application runs with {python}, Python {version}");
        }
        else if (python is not null)
        {
            findings.Add(DiagnosticSeverity.Notice, options.Application.Home, $"the application runs with {python}");
        }
        return python;
    }

    /// <summary>`version = 3.11.2` of pyvenv.cfg, which virtualenv calls version_info.</summary>
    private static Version? VersionOf(string home)
    {
        try
        {
            foreach (string line in File.ReadLines(Path.Combine(home, "pyvenv.cfg")))
            {
                string[] parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
                if (parts is ["version" or "version_info", var text] && text.Split('.') is [var major, var minor, ..]
                    && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                    && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out int second))
                {
                    return new Version(first, second);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No virtual environment: a prefix.
        }
        return null;
    }
}
