namespace OneServe.Configuration;

/// <summary>What `ini` and its kin ask for: `path`, `path:section`, or `:section` of the file read last.</summary>
internal static class FileRequest
{
    /// <summary>The file; null after an error was reported.</summary>
    /// <param name="request">Its value is what was asked for.</param>
    /// <param name="last">The file read last; null: none.</param>
    /// <param name="host">The machine.</param>
    /// <param name="diagnostics">Gets what is wrong with the request.</param>
    public static ConfigurationFile? Resolve(Statement request, ConfigurationFile? last, IConfigurationHost host, DiagnosticList diagnostics)
    {
        string given = request.Value;
        int colon = given.LastIndexOf(':');
        if (given.Length == 0)
        {
            diagnostics.Error($"`{request.Key}` needs the path of a file", request.ValueSource);
            return null;
        }

        if (given.Contains("://", StringComparison.Ordinal))
        {
            diagnostics.Error($"`{given}`: a configuration is read from files only", request.ValueSource, "write it to a file before the start, and name that");
            return null;
        }

        if (colon == 0)
        {
            if (last is null)
            {
                diagnostics.Error($"`{given}` is a section of the file read last, but none has been read", request.ValueSource, $"file.ini{given}");
            }

            return last is null ? null : last with { RequestedSection = given[1..] };
        }

        string whole = host.FromStart(given);
        if (colon < 0 || host.GetPathKind(whole) != PathKind.Missing)
        {
            return new ConfigurationFile(given, whole, null);
        }

        string path = given[..colon];
        return new ConfigurationFile(path, host.FromStart(path), given[(colon + 1)..]);
    }
}
