using Mono.Unix.Native;
using OneServe.Application;
using OneServe.Configuration;
using Serilog;

namespace OneServe.Master.Start;

/// <summary>What can be said about a configuration on this machine before anything is started.</summary>
internal static class StartChecks
{
    /// <summary>One message carries a worker's links and seven more descriptors; the kernel takes 253 (SCM_MAX_FD).</summary>
    private const int MostThreads = 246;

    private const int MostSlots = Scoreboard.Lines - 1;

    /// <summary>Whether the configuration names an application.</summary>
    public static bool HasApplication(ServerOptions options)
        => options.Application.Module is not null || options.Application.File is not null || !options.Application.Mounts.IsEmpty;

    /// <exception cref="StartException">It cannot work.</exception>
    public static void Verify(ServerOptions options)
    {
        if (options.Listeners.IsEmpty)
            throw new StartException("There is no address to listen on. Name one: `http = :8000`.");
        if (!HasApplication(options) && options.Application.Required)
        {
            throw new StartException("There is no application. Name one (`module = mysite.wsgi` or `wsgi-file = app.py`), "
                + "or serve static files alone: `need-app = false`.");
        }
        if (options.Threads > MostThreads)
            throw new StartException($"threads = {options.Threads}: a process can have {MostThreads}. Use more `processes` instead.");
        if (options.Processes * (long)options.Threads > MostSlots)
            throw new StartException($"processes = {options.Processes} with threads = {options.Threads}: that is more than {MostSlots} requests at a time.");
    }

    /// <summary>Warns of static maps that lead nowhere: the rest of the site works without them.</summary>
    public static void WarnOfStaticMaps(ServerOptions options, ILogger log)
    {
        foreach (var map in options.StaticMaps)
        {
            string? problem = !Exists(map.Target) ? "does not exist"
                : Syscall.access(map.Target, AccessModes.R_OK) != 0 ? "cannot be read by this user"
                : null;
            if (problem is not null)
                log.Warning("{Source}: {Setting}: {Target} {Problem}", map.Setting.Source.ToString(), map.Setting.ToString(), map.Target, problem);
        }
    }

    public static bool Exists(string path) => Directory.Exists(path) || File.Exists(path);

    /// <summary>Whether a path leads to a file that this process may execute.</summary>
    public static bool IsExecutable(string path) => File.Exists(path) && Syscall.access(path, AccessModes.X_OK) == 0;
}
