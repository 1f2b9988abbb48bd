using OneServe.Configuration;

namespace OneServe.Master.Preflight;

/// <summary>
/// Looks whether a configuration would start on this machine. Nothing is started, made or removed, and no command of the configuration is run;
/// Python runs only where the request asks for it.
/// </summary>
public static class SiteCheck
{
    /// <summary>What decides where everything else is looked for, and who looks.</summary>
    private static readonly string[] Foundations = ["chdir", "home", "pythonpath", "uid", "gid"];

    /// <summary>The findings of the configuration itself, then those of the machine.</summary>
    public static IReadOnlyList<Diagnostic> Run(LoadResult loaded, CheckRequest request)
    {
        var findings = new Findings(loaded.Diagnostics, loaded.Understood?.Settings ?? []);
        if (loaded.Understood is not { } options)
            return findings.All;
        if (options.Settings.FirstOrDefault(static setting => setting.IsDeferred && Foundations.Contains(setting.Name)) is { } deferred)
        {
            findings.Add(DiagnosticSeverity.Notice, deferred, $"`{deferred.Name}` is known at a start only: this machine is not looked at");
            return findings.All;
        }
        var identity = UserCheck.Run(options, findings);
        bool isRunning = PathCheck.Run(options, identity, findings);
        ListenerCheck.Run(options, isRunning, findings);
        string? python = PythonCheck.Run(options, findings);
        ModuleCheck.Run(options, python, findings);
        if (python is null || request is { LoadsApplication: false, AsksDjango: false } || !HasAll(options, findings))
            return findings.All;
        if (request.LoadsApplication && loaded.Options is not null)
            ApplicationRehearsal.Run(options, identity, python, findings);
        if (request.AsksDjango)
            DjangoCheck.Run(options, identity, python, findings);
        return findings.All;
    }

    /// <summary>Is all that the application is given known?</summary>
    private static bool HasAll(ServerOptions options, Findings findings)
    {
        var missing = options.Settings.FirstOrDefault(
            static setting => setting.IsDeferred && OptionTable.Find(setting.Name)?.Section == OptionSection.Application);
        if (missing is not null)
            findings.Add(DiagnosticSeverity.Warning, missing, $"`{missing.Name}` is known at a start only: the application is not run");
        return missing is null;
    }
}
