using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master.Preflight;

/// <summary>Directories and files that the configuration names.</summary>
internal static class PathCheck
{
    /// <returns>True when a server with this configuration's pidfile is running.</returns>
    public static bool Run(ServerOptions options, Identity identity, Findings findings)
    {
        var application = options.Application;
        NeedDirectory(application.Directory, findings);
        foreach (var path in application.PythonPath.Where(static path => !StartChecks.Exists(path.Value) && !path.Value.Contains('*')))
            findings.Add(DiagnosticSeverity.Warning, path, $"`pythonpath`: {path.Value} does not exist", "correct the path, or remove the line");
        if (application.Module is null && application.File is { } file && !File.Exists(file.Value))
            findings.Add(DiagnosticSeverity.Error, file, $"`wsgi-file`: {file.Value} does not exist", "correct the path");
        findings.Try(log => StartChecks.LookAtStaticMaps(options, identity, log));
        findings.Try(log => RoutingChecks.Verify(options.Routing, identity, log));
        foreach (var watched in options.ReloadFiles.Where(static file => !StartChecks.Exists(file.Value)))
            findings.Add(DiagnosticSeverity.Notice, watched, $"`{watched.Name}`: {watched.Value} does not exist yet: a reload comes when it is made");
        foreach (var fifo in options.Fifos)
            NeedWritable(fifo, findings);
        return options.PidFile is { } pidFile && IsRunning(pidFile, findings);
    }

    private static void NeedDirectory(Setting? setting, Findings findings)
    {
        if (setting is null || Directory.Exists(setting.Value))
            return;
        string problem = File.Exists(setting.Value) ? "is no directory" : "does not exist";
        findings.Add(DiagnosticSeverity.Error, setting, $"`{setting.Name}`: {setting.Value} {problem}", "correct the path, or make the directory");
    }

    private static bool IsRunning(Setting setting, Findings findings)
    {
        int opened = Syscall.open(setting.Value, OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK);
        if (opened < 0)
        {
            NeedWritable(setting, findings);
            return false;
        }
        using var file = new SafeDescriptor(opened);
        if (FileLock.TryTake(file).Errno != Posix.Errno.EAGAIN)
            return false;
        findings.Add(DiagnosticSeverity.Notice, setting, "a server with this pidfile is running: a second one would not start, a reload would");
        return true;
    }

    private static void NeedWritable(Setting setting, Findings findings)
    {
        string directory = Path.GetDirectoryName(setting.Value) ?? "/";
        if (!Directory.Exists(directory))
            findings.Add(DiagnosticSeverity.Error, setting, $"`{setting.Name}`: the directory {directory} does not exist", "make it, or choose another path");
        else if (Syscall.access(directory, AccessModes.W_OK | AccessModes.X_OK) != 0)
            findings.Add(DiagnosticSeverity.Error, setting, $"`{setting.Name}`: this user may not write into {directory}", "choose another path, or give the right");
    }
}
