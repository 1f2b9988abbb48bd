using OneServe.Configuration;
using OneServe.Master.Start;

namespace OneServe.Master.Preflight;

/// <summary>Django's own checks: `manage.py check --deploy`, with the Python and the environment of the application.</summary>
internal static class DjangoCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static void Run(ServerOptions options, Identity identity, string python, Findings findings)
    {
        var application = options.Application;
        var about = application.Module ?? application.File;
        string directory = application.Directory?.Value ?? Environment.CurrentDirectory;
        string?[] candidates = [directory, Path.GetDirectoryName(directory), .. Below(directory)];
        string? script = candidates.OfType<string>().Select(static folder => Path.Combine(folder, "manage.py")).FirstOrDefault(File.Exists);
        if (script is null)
        {
            findings.Add(DiagnosticSeverity.Error, about, $"there is no manage.py in {directory}", "set chdir to the directory of the Django project");
            return;
        }
        var outcome = ApplicationProcess.Run(options, identity, [python, script, "check", "--deploy", "--no-color"], [], Limit);
        if (outcome.Status is null)
        {
            string what = outcome.Problem is null ? $"did not end within {Limit.TotalSeconds} seconds" : $"could not be run: {outcome.Problem}";
            findings.Add(DiagnosticSeverity.Error, about, $"{script} check --deploy {what}");
            return;
        }
        var told = DjangoFindings.Parse(outcome.Output);
        foreach (var (severity, message, hint) in told)
            findings.AddAt(severity, script, message, hint);
        if (!outcome.Status.Value.IsSuccess && told.Count == 0)
            findings.AddAt(DiagnosticSeverity.Error, script, $"`check --deploy` {outcome.Status}:\n{outcome.Output.Trim()}", null);
        else if (told.Count == 0)
            findings.AddAt(DiagnosticSeverity.Notice, script, "Django's own checks have nothing to object to", null);
    }

    private static IEnumerable<string> Below(string directory)
    {
        try
        {
            return Directory.Exists(directory) ? Directory.GetDirectories(directory) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
