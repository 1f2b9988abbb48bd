using OneServe.Configuration;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master.Start;

/// <summary>Looks at the files of routes and error pages before anything is started: the gateway, which reads them, has nobody to tell.</summary>
internal static class RoutingChecks
{
    private const long LargestPage = 1 << 20;

    /// <exception cref="StartException">A file cannot be read, or holds what is not understood.</exception>
    public static void Verify(RoutingOptions options, Identity identity, ILogger log)
    {
        foreach (var page in options.ErrorPages)
        {
            Need(page.File, page.File.Value, identity);
            if (new FileInfo(page.File.Value).Length > LargestPage)
                throw new StartException($"{page.File.Source}: {page.File}: the page is larger than {LargestPage >> 20} MiB. It is kept in memory: make it smaller.");
        }
        foreach (var route in options.Routes)
        {
            if (route.Action is RouteAction.BasicAuth { File: { } passwords })
                VerifyPasswords(route.Setting, passwords, identity);
            else if (route.Action is RouteAction.SendFile file && !Directory.Exists(file.Directory))
                log.Warning("{Source}: {Setting}: {Target} does not exist", route.Setting.Source.ToString(), route.Setting.ToString(), file.Directory);
        }
    }

    private static void VerifyPasswords(Setting setting, string file, Identity identity)
    {
        Need(setting, file, identity);
        try
        {
            PasswordFile.Read(File.ReadAllBytes(file), (line, problem) => throw new StartException($"{setting.Source}: {file}:{line}: {problem}."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{setting.Source}: `{setting.Name}`: {file} cannot be read. Is it being replaced? Start again.");
        }
    }

    private static void Need(Setting setting, string file, Identity identity)
    {
        if (!File.Exists(file))
            throw new StartException($"{setting.Source}: `{setting.Name}`: {file} {(Directory.Exists(file) ? "is a directory" : "does not exist")}. Name a file, or remove the line.");
        var access = AccessCheck.CanServe(identity.Drop, file);
        if (access.IsError)
        {
            string user = identity.Drop is { } drop ? $"the user with the number {drop.UserId}" : "this user";
            throw new StartException($"{setting.Source}: `{setting.Name}`: {file} cannot be read by {user}: {access}. Give it the right, or remove the line.");
        }
    }
}
