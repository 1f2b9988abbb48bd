using OneServe.Configuration;
using OneServe.Master.Processes;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master.Preflight;

/// <summary>Imports the application as a start would, and lets it go.</summary>
internal static class ApplicationRehearsal
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static void Run(ServerOptions options, Identity identity, string python, Findings findings)
    {
        var application = options.Application;
        var target = application.Module ?? application.File ?? application.Mounts.FirstOrDefault();
        var (ours, theirs) = ControlSocket.Pair();
        using (ours)
        using (theirs)
        using (var memory = new ApplicationMemory())
        using (var image = SealedMemory.CreateReadOnly(
            "oneserve-python", PrototypeImage.Build(options, generation: 1, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), LoadAgain.Nothing, isRehearsal: true)))
        {
            // Descriptor 5 is the lifeline's place; the shim's death signal stands for it here.
            var outcome = ApplicationProcess.Run(
                options,
                identity,
                [python, "-c", PrototypeImage.Boot],
                [
                    new(theirs.Number, 3), new(image.Number, 4), new(image.Number, 5),
                    .. memory.For(options).Select(static (source, index) => new DescriptorMapping(source, UwsgiModule.FirstDescriptor + index)),
                ],
                Limit);
            ApplicationFailure? failure = null;
            bool isReady = false;
            while (ours.Receive(out var message) == ReceiveStatus.Received)
            {
                message.CloseDescriptors();
                switch (message.Verb)
                {
                    case "ready":
                        isReady = true;
                        break;
                    case "failed":
                        failure = new ApplicationFailure(message.Words.FirstOrDefault() ?? "internal", message.Text);
                        break;
                    case "warn":
                        findings.Add(DiagnosticSeverity.Warning, target, message.Text);
                        break;
                }
            }
            if (isReady)
                findings.Add(DiagnosticSeverity.Notice, target, "the application can be imported");
            else if (failure is null && outcome is { Status: null, Problem: null })
                findings.Add(DiagnosticSeverity.Error, target, $"the application was not imported within {Limit.TotalSeconds} seconds", Last(outcome.Output));
            else
                findings.AddMessage(DiagnosticSeverity.Error, (failure ?? Ended(python, outcome)).Explain(options));
        }
    }

    private static ApplicationFailure Ended(string python, ApplicationProcess.Outcome outcome) => outcome.Status?.Code switch
    {
        null => ApplicationFailure.Unusable($"{python}: {outcome.Problem}"),
        ExitCodes.NotFound => ApplicationFailure.Unusable($"{python} was not found"),
        ExitCodes.NotExecutable => ApplicationFailure.Unusable($"{python} may not be executed by the user of the application"),
        ExitCodes.CredentialsFailed => ApplicationFailure.Unusable("it cannot be run as the user of `uid`"),
        _ => ApplicationFailure.Ended("the Python process", $"{outcome.Status}\n{Last(outcome.Output)}"),
    };

    private static string? Last(string output) => output.Trim() is { Length: > 0 } text ? "its last words: " + text[(text.LastIndexOf('\n') + 1)..] : null;
}
