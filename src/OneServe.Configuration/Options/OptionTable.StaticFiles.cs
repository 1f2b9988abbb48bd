using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] StaticFiles() =>
    [
        new("static-map", Map, Works, "Serve the files of a directory below a URL prefix: /static=/srv/site/static")
        {
            Repeatable = true, Placeholder = "PREFIX=PATH",
        },
        new("static-map2", Map, Works, "A static-map that appends the whole URL to the directory")
        {
            Repeatable = true, Placeholder = "PREFIX=PATH",
        },
        new("check-static", FilePath, Works, "Serve any URL whose file exists in a directory, before every static-map") { Aliases = ["static-check"], Repeatable = true, Placeholder = "DIR" },
        new("static-index", Name, Works, "The file that stands for a directory") { Repeatable = true, Placeholder = "FILE" },
        new("static-safe", FilePath, Works, "A directory that symbolic links may lead to") { Repeatable = true, Placeholder = "DIR" },
        new("static-skip-ext", Name, Works, "Paths that end so are the application's") { Repeatable = true, Placeholder = "SUFFIX" },
        new("static-404", Name, Works, "Answer 404 below a URL prefix where no file is, without asking the application")
        {
            Repeatable = true, Placeholder = "PREFIX",
        },
        new("static-dotfiles", Flag, Works, "Serve names that begin with a dot; else only .well-known"),
        new("static-immutable", Text, Works, "Files whose URL path matches never change: cached for a year, like Django's hashed names")
        {
            Repeatable = true, Placeholder = "REGEX",
        },
        .. Expiring("static-expires", Text, "REGEX SECONDS", "path of the file"),
        .. Expiring("static-expires-uri", Text, "REGEX SECONDS", "URL as sent"),
        .. Expiring("static-expires-path-info", Text, "REGEX SECONDS", "URL path"),
        .. Expiring("static-expires-type", Text, "TYPE=SECONDS", "content type"),
        new("static-gzip-all", Flag, Works, "Serve .br, .zst and .gz siblings of every file (default, unless one of the next three is given)"),
        new("static-gzip", Text, Works, "Serve siblings of the files whose path matches") { Repeatable = true, Placeholder = "REGEX" },
        new("static-gzip-dir", FilePath, Works, "Serve siblings of the files of a directory")
        {
            Aliases = ["static-gzip-prefix"], Repeatable = true, Placeholder = "DIR",
        },
        new("static-gzip-ext", Name, Works, "Serve siblings of the files whose names end so")
        {
            Aliases = ["static-gzip-suffix"], Repeatable = true, Placeholder = "SUFFIX",
        },
        new("mimefile", FilePath, Works, "More content types, in the form of /etc/mime.types") { Aliases = ["mime-file"], Repeatable = true, Placeholder = "FILE" },
        new("x-sendfile", FilePath, Works, "Send the file that an answer names by X-Sendfile when it lies in this directory") { Repeatable = true, Placeholder = "DIR" },
        new("x-accel-redirect", Map, Works, "Send the file that an answer names by X-Accel-Redirect when it lies below this prefix")
        {
            Repeatable = true, Placeholder = "PREFIX=DIR",
        },
        new("honour-range", Flag, AlwaysSo, "Range requests are answered") { Aliases = ["honor-range"] },
        new("static-cache-paths", Integer, AlwaysSo, "Where a file lies is remembered for a second"),
        new("static-cache-paths-name", Name, NotNeeded, "Where a file lies is remembered without a cache of that name"),
        new("file-serve-mode", Name, NotNeeded, "Files leave by the fastest way") { Aliases = ["fileserve-mode"] },
        new("offload-threads", Integer, NotNeeded, "No worker is held by a transfer") { Aliases = ["offload-thread"] },
    ];

    /// <summary>Two rows: counted from the answer, and from the file's last change.</summary>
    private static OptionDefinition[] Expiring(string name, OptionKind kind, string placeholder, string subject) =>
    [
        new(name, kind, Works, $"How long clients keep files, by {subject}") { Repeatable = true, Placeholder = placeholder },
        new($"{name}-mtime", kind, Works, $"Until when clients keep files, by {subject}: seconds after the last change")
        {
            Repeatable = true, Placeholder = placeholder,
        },
    ];
}
