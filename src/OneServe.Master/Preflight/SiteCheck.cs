using OneServe.Configuration;

namespace OneServe.Master.Preflight;

/// <summary>
/// Looks whether a configuration would start on this machine. Nothing is started, made or removed, and no command of the configuration is run;
/// Python runs only where the request asks for it.
/// </summary>
public static class SiteCheck
{
    /// <summary>The findings of the configuration itself, then those of the machine.</summary>
    public static IReadOnlyList<Diagnostic> Run(LoadResult loaded, CheckRequest request)
    {
        var findings = new Findings(loaded.Diagnostics, loaded.Understood?.Settings ?? []);
        if (loaded.Understood is not { } options)
            return findings.All;
        var identity = UserCheck.Run(options, findings);
        bool isRunning = PathCheck.Run(options, identity, findings);
        ListenerCheck.Run(options, isRunning, findings);
        string? python = PythonCheck.Run(options, findings);
        ModuleCheck.Run(options, python, findings);
        if (python is not null && request.LoadsApplication && loaded.Options is not null)
            ApplicationRehearsal.Run(options, identity, python, findings);
        if (python is not null && request.AsksDjango)
            DjangoCheck.Run(options, identity, python, findings);
        return findings.All;
    }
}
