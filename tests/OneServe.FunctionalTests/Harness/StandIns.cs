namespace OneServe.FunctionalTests.Harness;

/// <summary>
/// A site of a file written for another machine: its addresses, users, paths and modules give way to stand-ins, everything else stays to the
/// letter, comments and mistakes included.
/// </summary>
internal static class StandIns
{
    /// <summary>Only for their own machine: their interpreters and libraries, their emperor, the other files that they read.</summary>
    private static readonly HashSet<string> Dropped =
    [
        "home", "virtualenv", "venv", "pyhome", "uid", "gid", "zuid", "chown-socket", "daemonize", "exec-asap", "exec-pre-app", "hook-pre-app", "attach-daemon",
        "ini", "include", "import", "subscribe-to", "stats", "py-autoreload", "plugin-dir", "plugins-dir",
    ];

    public static string Write(TestSite site, string text)
    {
        Directory.CreateDirectory(site.PathOf("static"));
        site.Write("static/stand-in.txt", "a static file\n");
        bool hasApplication = false;
        int sockets = 0;
        IEnumerable<string> lines = text.Split('\n').Select(line =>
        {
            int equals = line.IndexOf('=');
            string key = (equals < 0 ? line : line[..equals]).Trim();
            string? value = key switch
            {
                "module" or "wsgi" or "wsgi-file" or "file" => hasApplication ? null : "probe",
                "callable" => "application",
                "chdir" => site.Directory,
                "http" or "http-socket" => $"127.0.0.1:{site.Port}",
                "socket" or "uwsgi-socket" => site.PathOf($"socket{sockets++}"),
                "pidfile" or "pidfile2" or "safe-pidfile" or "logto" or "logto2" or "master-fifo" => site.PathOf(key),
                "touch-reload" or "touch-chain-reload" or "pythonpath" => site.PathOf("static"),
                "static-map" or "static-map2" => $"{line[(equals + 1)..].Split('=')[0].Trim()}={site.PathOf("static")}",
                "check-static" => site.PathOf("static"),
                "mount" => "/=probe:application",
                "logger" or "req-logger" or "logger-req" when line.Contains("file:", StringComparison.Ordinal) => $"file:{site.PathOf(key)}",
                "env" when line.Contains("PYTHON", StringComparison.Ordinal) => null,
                _ => line[(equals + 1)..],
            };
            if (equals < 0 || line.TrimStart().StartsWith(';') || line.TrimStart().StartsWith('#'))
            {
                return line;
            }

            bool isApplication = key is "module" or "wsgi" or "wsgi-file" or "file";
            hasApplication |= isApplication || key == "mount";
            return Dropped.Contains(key) || value is null ? "" : isApplication ? $"module = {value}" : $"{line[..equals]}={value}";
        });
        string result = string.Join('\n', lines);
        return site.Write("site.ini", hasApplication ? result : result + "\nmodule = probe\n");
    }
}
