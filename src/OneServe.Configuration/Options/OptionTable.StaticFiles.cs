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
        new("static-map2", Map, NotYet, "A static-map that appends the whole URL to the directory") { Repeatable = true },
        new("check-static", FilePath, NotYet, "Serve any URL whose file exists in a directory") { Repeatable = true },
        new("static-index", Text, NotYet, "The file that stands for a directory") { Repeatable = true },
        new("static-safe", FilePath, NotYet, "A directory that links may lead to") { Repeatable = true },
        new("static-skip-ext", Text, NotYet, "Never serve files that end so") { Repeatable = true },
        new("static-expires", Text, NotYet, "Expires by pattern of the file's path") { Repeatable = true },
        new("static-expires-mtime", Text, NotYet, "Expires after the file's last change") { Repeatable = true },
        new("static-expires-uri", Text, NotYet, "Expires by pattern of the URL") { Repeatable = true },
        new("static-expires-path-info", Text, NotYet, "Expires by pattern of PATH_INFO") { Repeatable = true },
        new("static-expires-type", Text, NotYet, "Expires by content type") { Repeatable = true },
        new("static-expires-type-mtime", Text, NotYet, "Expires by content type, after the last change") { Repeatable = true },
        new("static-gzip-all", Flag, NotYet, "Serve compressed siblings"),
        new("static-gzip", Text, NotYet, "Serve compressed siblings by pattern") { Repeatable = true },
        new("static-gzip-dir", Text, NotYet, "Serve compressed siblings of a directory") { Aliases = ["static-gzip-prefix"], Repeatable = true },
        new("static-gzip-ext", Text, NotYet, "Serve compressed siblings by suffix") { Aliases = ["static-gzip-suffix"], Repeatable = true },
        new("static-cache-paths", Integer, NotNeeded, "Files that are asked for often stay in memory"),
        new("mimefile", FilePath, NotYet, "More content types") { Aliases = ["mime-file"], Repeatable = true },
        new("honour-range", Flag, NotYet, "Answer range requests") { Aliases = ["honor-range"] },
        new("file-serve-mode", Name, NotNeeded, "Files leave by the fastest way") { Aliases = ["fileserve-mode"] },
        new("offload-threads", Integer, NotNeeded, "No worker is held by a transfer") { Aliases = ["offload-thread"] },
        new("error-page-403", Text, NotYet, "The page shown for 403") { Repeatable = true },
        new("error-page-404", Text, NotYet, "The page shown for 404") { Repeatable = true },
        new("error-page-500", Text, NotYet, "The page shown for 500") { Repeatable = true },
    ];
}
