using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>`PROGRAM,FACILITY,SOCKET` of `syslog:`; each may be left out from the end.</summary>
/// <param name="Program">What the lines are called by (default `oneserve`).</param>
/// <param name="Facility">0 to 23 (RFC 3164, 4.1.1); default 3, daemon.</param>
/// <param name="Socket">Where the syslog daemon listens (default /dev/log).</param>
public sealed record SyslogTarget(string Program, int Facility, string Socket)
{
    private const int Daemon = 3;
    private const int FirstLocal = 16;

    /// <summary>syslog(3)'s names; their numbers are their places.</summary>
    private static readonly ImmutableArray<string> Facilities =
        ["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"];

    /// <summary>Null: there is no such facility.</summary>
    public static SyslogTarget? Parse(string text)
    {
        string[] parts = text.Split(',', 3);
        int? facility = parts.Length > 1 && parts[1].Length > 0 ? FacilityOf(parts[1]) : Daemon;
        return facility is { } number
            ? new SyslogTarget(parts[0].Length > 0 ? parts[0] : "oneserve", number, parts.Length > 2 && parts[2].Length > 0 ? parts[2] : "/dev/log")
            : null;
    }

    private static int? FacilityOf(string name)
    {
        if (name is ['l', 'o', 'c', 'a', 'l', >= '0' and <= '7' and var digit])
        {
            return FirstLocal + (digit - '0');
        }

        int at = Facilities.IndexOf(name == "security" ? "auth" : name);
        return at >= 0 ? at : null;
    }
}
