namespace OneServe.Configuration;

/// <summary>Names that people write and that are no options, though not by a slip of the finger: what they mean here.</summary>
internal static class CommonMistake
{
    /// <summary>What the names are meant to be.</summary>
    private static readonly Dictionary<string, string> Meant = new(StringComparer.Ordinal)
    {
        ["chown"] = "chown-socket",
        ["chmod-sock"] = "chmod-socket",
        ["exec-pre"] = "exec-pre-app",
        ["exec-before"] = "exec-pre-app",
        ["user"] = "uid",
        ["group"] = "gid",
        ["listen-address"] = "http",
        ["wsgi-module"] = "module",
        ["python-home"] = "home",
        ["max-request"] = "max-requests",
        ["autoreload"] = "py-autoreload",
        ["reload-on-change"] = "py-autoreload",
        ["access-log"] = "req-logger",
        ["log-file"] = "logto",
        ["logfile"] = "logto",
        ["error-log"] = "logto",
        ["client-max-body-size"] = "limit-post",
    };

    /// <summary>Keys of a unit file (systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.kill(5)).</summary>
    private static readonly HashSet<string> OfUnits = new(StringComparer.Ordinal)
    {
        "Description", "Documentation", "After", "Before", "Wants", "Requires", "BindsTo", "PartOf", "Conflicts", "OnFailure", "StartLimitIntervalSec",
        "StartLimitBurst", "Type", "ExecStart", "ExecStartPre", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost", "Restart", "RestartSec",
        "TimeoutStartSec", "TimeoutStopSec", "TimeoutSec", "PIDFile", "NotifyAccess", "KillSignal", "KillMode", "SendSIGKILL", "User", "Group",
        "WorkingDirectory", "RuntimeDirectory", "RuntimeDirectoryMode", "StateDirectory", "LogsDirectory", "Environment", "EnvironmentFile",
        "StandardOutput", "StandardError", "SyslogIdentifier", "LimitNOFILE", "UMask", "Nice", "PrivateTmp", "ProtectSystem", "ProtectHome",
        "NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities", "MemoryMax", "WantedBy", "RequiredBy", "Alias",
    };

    /// <summary>Keys of a program section of supervisor.</summary>
    private static readonly HashSet<string> OfSupervisor = new(StringComparer.Ordinal)
    {
        "autostart", "autorestart", "startsecs", "startretries", "stopsignal", "stopwaitsecs", "stopasgroup", "killasgroup", "redirect_stderr",
        "stdout_logfile", "stderr_logfile", "stdout_logfile_maxbytes", "stdout_logfile_backups", "process_name", "numprocs",
    };

    /// <summary>What is so without an option.</summary>
    private static readonly Dictionary<string, string> Anyway = new(StringComparer.Ordinal)
    {
        ["logging"] = "requests are logged unless `disable-logging` is set",
        ["log-buffering"] = "the log is not held back: remove the line",
    };

    /// <summary>What to do about such a name; null when it is none.</summary>
    public static string? Hint(string name)
    {
        if (name == "else")
        {
            return "there is no else: close the condition with `end`, and open its opposite, such as if-not-env";
        }

        if (OfUnits.Contains(name))
        {
            return "that is a key of systemd: it belongs into the unit file";
        }

        if (OfSupervisor.Contains(name))
        {
            return "that is a key of supervisor: it belongs into its file, or goes with it";
        }

        if (Anyway.TryGetValue(name.ToLowerInvariant().Replace('_', '-'), out string? remark))
        {
            return remark;
        }

        return Meant.TryGetValue(name.ToLowerInvariant().Replace('_', '-'), out string? option) ? $"did you mean `{option}`?" : null;
    }
}
