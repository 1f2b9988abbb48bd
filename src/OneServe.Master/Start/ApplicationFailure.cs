using OneServe.Configuration;

namespace OneServe.Master.Start;

/// <summary>Why an application did not come up: the prototype's `failed KIND` and its text.</summary>
/// <param name="Kind">One of the kinds of docs/protocol.md, or of this class.</param>
/// <param name="Text">What Python says about it, a traceback as a rule.</param>
internal sealed record ApplicationFailure(string Kind, string Text)
{
    private const string HookKind = "hook";
    private const string EndedKind = "ended";
    private const string UnusableKind = "python-unusable";

    /// <summary>A hook before or after the import.</summary>
    public static ApplicationFailure Hook(string why) => new(HookKind, why);

    /// <summary>What the master exits with when a start fails for this.</summary>
    public int ExitCode => Kind == HookKind ? ExitCodes.StartFailed : ExitCodes.ApplicationFailed;

    /// <summary>The process ended without a word.</summary>
    public static ApplicationFailure Ended(string who, string how) => new(EndedKind, $"{who} {how}");

    /// <summary>The interpreter could not be executed.</summary>
    public static ApplicationFailure Unusable(string why) => new(UnusableKind, why);

    /// <summary>What nobody would think of who reads that a library could not be mapped.</summary>
    private string Limit(ServerOptions options)
        => options.Attributes.AddressSpace is > 0 and var limit
            && (Kind == EndedKind || Text.Contains("MemoryError", StringComparison.Ordinal) || Text.Contains("allocate memory", StringComparison.Ordinal))
                ? $"`limit-as` leaves it {limit} MiB of address space: if that was the reason, raise it."
                : "";

    /// <summary>One message: the option concerned with its file and line, what Python said, and the way out.</summary>
    public string Explain(ServerOptions options)
    {
        if (Kind == HookKind)
            return Text;
        var application = options.Application;
        var target = application.Module ?? application.File;
        // The way out stands in Python's text, which knows the modules and names that are there; here only what it cannot know.
        var (setting, what, wayOut) = Kind switch
        {
            "chdir" => (application.Directory, "the directory cannot be entered", "Correct `chdir`, or its permissions for the user of the application."),
            "module-not-found" => (target, "the module was not found", ""),
            "import-error" => (target, "the application failed while it was imported", ""),
            "callable-missing" => (application.Callable ?? target, "the application object is not there", ""),
            "not-callable" or "asgi" => (application.Callable ?? target, "this is no WSGI application", ""),
            "file-not-found" => (application.File ?? target, "the file was not found", ""),
            "gevent-missing" => (
                options.Settings.LastOrDefault(static setting => setting.Name is "gevent" or "async"), "this Python has no gevent", ""),
            "python-too-old" => (
                application.Home, "this Python is too old", "Name a virtual environment with Python 3.8 or later: `home = /path/to/venv`."),
            UnusableKind => (
                application.Home, "this Python cannot be run",
                "Its user needs the right to execute it and to enter all directories above it; or name another: `home = …`."),
            EndedKind => (target, "the application did not come up", ""),
            _ => (target, "the application could not be started", ""),
        };
        string head = setting is null ? $"Cannot load the application: {what}" : $"{setting.Source}: {setting}: {what}";
        string text = Text.TrimEnd();
        string[] below = [.. new[] { wayOut, Limit(options) }.Where(static line => line.Length > 0)];
        return string.Join('\n', [head + (text.Length > 0 ? ":\n" + text : "."), .. below]);
    }
}
