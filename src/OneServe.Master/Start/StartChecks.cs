using Mono.Unix.Native;
using OneServe.Application;
using OneServe.Configuration;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master.Start;

/// <summary>What can be said about a configuration on this machine before anything is started.</summary>
internal static class StartChecks
{
    /// <summary>One message carries a worker's links and seven more descriptors; the kernel takes 253 (SCM_MAX_FD).</summary>
    private const int MostThreads = 246;

    private const int MostSlots = Scoreboard.Lines - 1;

    /// <exception cref="StartException">It cannot work.</exception>
    public static void Verify(ServerOptions options)
    {
        if (options.Listeners.IsEmpty)
            throw new StartException("There is no address to listen on. Name one: `http = :8000`.");
        if (!options.Application.IsNamed && options.Application.Required)
        {
            throw new StartException("There is no application. Name one (`module = mysite.wsgi` or `wsgi-file = app.py`), "
                + "or serve static files alone: `need-app = false`.");
        }
        if (options.Threads > MostThreads)
            throw new StartException($"threads = {options.Threads}: a process can have {MostThreads}. Use more `processes` instead.");
        if (options.Processes * (long)options.Threads > MostSlots)
            throw new StartException($"processes = {options.Processes} with threads = {options.Threads}: that is more than {MostSlots} requests at a time.");
    }

    /// <summary>Looks at the paths of the static files with the eyes of the gateway's user.</summary>
    /// <remarks>A missing one is a warning, since many sites make it later (collectstatic); a forbidden one would answer 404 for what is there.</remarks>
    /// <exception cref="StartException">A target is there and its files cannot be reached.</exception>
    public static void LookAtStaticMaps(ServerOptions options, Identity identity, ILogger log)
    {
        var files = options.StaticFiles;
        var maps = options.StaticMaps.Concat(files.SendMaps).Select(map => (map.Setting, map.Target));
        var others = files.SendDirectories.Concat(files.TypeFiles).Select(setting => (setting, setting.Value));
        foreach (var (setting, path) in maps.Concat(others))
        {
            var access = AccessCheck.CanServe(identity.Drop, path);
            if (access.Errno is Posix.Errno.ENOENT or Posix.Errno.ENOTDIR)
            {
                log.Warning("{Source}: {Setting}: {Target} does not exist", setting.Source.ToString(), setting.ToString(), path);
            }
            else if (access.IsError)
            {
                string user = identity.Drop is { } drop ? $"the user with the number {drop.UserId}" : "this user";
                throw new StartException($"{setting.Source}: {setting}: {path} cannot be read by {user}: {access}. "
                    + "Give it the right to read the files and to enter all directories above them, or remove the line.");
            }
        }
    }

    public static bool Exists(string path) => Directory.Exists(path) || File.Exists(path);

    /// <summary>Whether a path leads to a file that this process may execute.</summary>
    public static bool IsExecutable(string path) => File.Exists(path) && Syscall.access(path, AccessModes.X_OK) == 0;
}
