using System.Text.RegularExpressions;

namespace OneServe.FunctionalTests.Harness;

/// <summary>What the tests ask of the server's wording: only the essential parts, and all of them here.</summary>
internal static class Messages
{
    /// <summary>One line of a .NET stack trace.</summary>
    public static readonly Regex StackTrace = new(@"^\s+at [\w.<>`]+\(.*\)|Unhandled exception|System\.\w*Exception", RegexOptions.Multiline);

    /// <summary>uWSGI's default access line.</summary>
    public static readonly Regex AccessLine = new(
        @"^\[pid: \d+\|app: -?\d+\|req: -?\d+/\d+\] (?<address>\S+) \((?<user>[^)]*)\) \{\d+ vars in \d+ bytes\} "
        + @"\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\] (?<method>\S+) (?<uri>\S+) => generated (?<bytes>\d+) bytes in \d+ msecs"
        + @"( via \S+)? \((?<protocol>\S+) (?<status>\d+)\) \d+ headers in \d+ bytes \(\d+ switches on core \d+\)$");

    /// <summary>Python's own report of an exception.</summary>
    public static readonly Regex Traceback = new(@"Traceback \(most recent call last\)");

    public static readonly Regex AddressInUse = new("in use: another program listens|another server listens");

    public static readonly Regex PermissionDenied = new("permission", RegexOptions.IgnoreCase);

    public static readonly Regex TooOld = new(@"3\.8");

    public static readonly Regex NoEffect = new("accepted without effect so far");

    public static readonly Regex Warning = new("WARNING");

    /// <summary>The reload was refused and what runs goes on.</summary>
    public static readonly Regex ReloadFailed = new("The reload failed, everything stays as it was");

    /// <summary>The banner's title.</summary>
    public static readonly Regex Ready = new(@"OneServe \S+ is ready");

    /// <summary>A new generation has taken over.</summary>
    public static readonly Regex Reloaded = new("Reloaded");

    /// <summary>The part of a path option that was taken for a comment is told.</summary>
    public static readonly Regex TrailingComment = new("as a comment");

    /// <summary>`site.ini:7`, however the path before it is written.</summary>
    public static Regex At(string file, int line) => new($@"{Regex.Escape(file)}:{line}\b");

    /// <summary>A word as it stands.</summary>
    public static Regex Word(string word) => new(Regex.Escape(word));
}
