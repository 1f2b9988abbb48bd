namespace OneServe.FunctionalTests.Nginx;

/// <summary>
/// The table of differences, the narrow ones first: the first that explains a difference counts. A row that explains nothing any more fails the
/// test as well as a difference that no row explains.
/// </summary>
internal static class StaticDifferences
{
    public static IReadOnlyList<StaticDifference> All { get; } =
    [
        // ---- another status: everything else follows from it ----
        Statuses("A name that begins with a dot", "sends it", "404, but for `.well-known`", "`.env` and `.git` are never meant to be published; `static-dotfiles` serves them",
            (200, 404), row => row.Target.Contains("/.") || row.Target.Contains("%2e", StringComparison.Ordinal)),
        Statuses("A symbolic link that leaves the directory", "follows it (`disable_symlinks` is off by default)", "404, unless `static-safe` allows the place",
            "whoever may write into the directory could publish the whole machine", (200, 404), row => row.Target.Contains("link-out") || row.Target.EndsWith("passwd")),
        Statuses("A fragment in the target", "cuts it off", "400", "a target has none (RFC 9112, 3.2)", (200, 400), row => row.Target.Contains('#')),
        Statuses("Bytes beyond ASCII in the target", "takes them", "400", "a URL has them encoded (RFC 3986, 2)", (200, 400), row => row.Target.Any(c => c > '\u007f')),
        Statuses("A scheme in capitals in the absolute form", "takes it", "400", "only proxies are sent that form, and none writes it so", (200, 400), row => row.Target.StartsWith("HTTP:")),
        Statuses("`..` above the root", "400", "stays at the root", "so RFC 3986, 5.2.4 resolves it", (400, 0), row => row.Target.StartsWith("/..", StringComparison.Ordinal)),
        Statuses("A `%` that encodes nothing", "400", "a part of the name", "the same path goes to the application, which may know it", (400, 404), row => row.Target.Contains("a.css%")),
        Statuses("A method in small letters", "400", "405", "a method that is not known, in valid form (RFC 9110, 9.1)", (400, 405), row => row.Method == "get"),
        Statuses("A directory without an index", "403; a redirect to it when its slash is missing", "404", "nothing is there, and nobody is to learn that a directory is",
            (0, 404), row => row.Target is "/static/dir" or "/media/" || row.Target.TrimEnd('.').EndsWith('/')),
        Statuses("A link to itself", "403", "404", "nothing is there", (403, 404), row => row.Target.EndsWith("loop")),
        Statuses("Two slashes before a prefix", "takes them for one", "404", "the path that is compared is the one that the application would see", (301, 404),
            row => row.Target.StartsWith("//")),
        Statuses("A method that is neither GET nor HEAD", "405 for a file, 404, 403 or 301 for what is none", "405 below `static-404` for everything",
            "the method alone decides; elsewhere such a request goes to the application", (0, 405), row => row.Method is not ("GET" or "HEAD")),
        Statuses("If-Modified-Since with a later date", "200 (`if_modified_since exact`)", "304", "RFC 9110, 13.1.3", (200, 304), row => row.Fields.StartsWith("If-Modified-Since")),
        Statuses("If-None-Match beside If-Modified-Since", "both must hold for a 304", "If-None-Match alone decides", "RFC 9110, 13.1.2 and 13.2.2", (200, 304),
            row => row.Fields.StartsWith("If-None-Match") && row.Fields.Contains("If-Modified-Since")),
        Statuses("If-Match beside If-Unmodified-Since", "both must hold", "If-Match alone decides", "RFC 9110, 13.2.2", (412, 200),
            row => row.Fields.StartsWith("If-Match") && row.Fields.Contains("If-Unmodified-Since")),
        Statuses("If-Unmodified-Since that is no date", "412", "ignored", "RFC 9110, 13.1.4", (412, 200), row => row.Fields.EndsWith("nonsense")),
        Statuses("Range of HEAD", "206, 416", "200", "ranges are defined for GET alone (RFC 9110, 14.2)", (0, 200), row => row.Method == "HEAD" && row.Fields.Contains("Range")),
        Statuses("Range of a coded sibling", "ignored", "206", "a range is one of the coding that is sent (RFC 9110, 14.1.2)", (200, 206), row => row.Group == "codings"),
        Statuses("Range of an empty file", "416", "200", "players ask for `bytes=0-` of every file; there is no byte that Content-Range could name", (416, 200),
            row => row.Target.EndsWith("empty.txt")),
        Statuses("Blanks and empty elements in a list of ranges, numbers beyond 64 bits", "416", "read", "lists may hold both (RFC 9110, 5.6.1.2), and such a number lies behind any file",
            (416, 206), _ => true),
        Statuses("A range that is no range", "416", "ignored", "an invalid Range field may be ignored (RFC 9110, 14.2): an answer helps more than none", (416, 200),
            row => row.Fields.StartsWith("Range: bytes=")),
        Statuses("A list of ranges of which one is invalid", "the others are sent", "the whole file", "the field as a whole is invalid (RFC 9110, 14.2)", (206, 200),
            row => row.Fields.EndsWith("4-2")),
        Statuses("Ranges that overlap", "sent as asked", "the whole file", "no player asks so; it multiplies a file's bytes (RFC 9110, 17.15)", (206, 200),
            row => row.Fields.EndsWith("0-5,5-6")),
        Statuses("Two Range fields", "the first counts", "the whole file", "the field is no list of fields (RFC 9110, 5.3)", (206, 200), row => row.Fields.Contains("|Range")),

        // ---- the same status ----
        new("A page on errors and redirects", "a page in HTML", "no body", "browsers show their own; the application's pages are the application's",
            (_, field, their, our) => field == "Body" && their.Status >= 300 && their["Body"] == "a page" && our["Body"].Length == 0),
        Field("Allow on 405", "Allow", "missing", "`GET, HEAD`", "RFC 9110, 15.5.6 demands it", (_, their, our) => our.Status == 405 && their["Allow"].Length == 0),
        Field("Redirect of a path with empty segments", "Location", "they are merged", "they stay", "relative links in the index mean the same after it",
            (row, _, _) => row.Target == "/static//indexed"),
        Field("Cache-Control", "Cache-Control", "none: browsers guess, a tenth of the file's age", "a minute; a year and `immutable` for hashed names; the same on a 304",
            "a change is seen within the minute, and a hashed name never changes", (_, their, our) => their["Cache-Control"].Length == 0 && our.Status < 400),
        Field("X-Content-Type-Options", "X-Content-Type-Options", "none", "`nosniff`", "no browser may take an upload for a page",
            (_, _, our) => our["X-Content-Type-Options"] == "nosniff" && our.Status < 300),
        Field("Vary", "Vary", "none (`gzip_vary off`)", "`Accept-Encoding` where a sibling exists", "a cache in between would give one client's coding to another",
            (row, _, our) => row.Target == "/static/app.js" && our["Vary"] == "Accept-Encoding"),
        Field("Last-Modified on a 304", "Last-Modified", "sent", "left out", "beside an entity tag it guides no cache (RFC 9110, 15.4.5)", (_, _, our) => our.Status == 304),
        Field("Last-Modified and ETag on a 416", "", "sent", "left out", "they describe a content that is not sent", (_, _, our) => our.Status == 416),
        Field("Accept-Ranges on a 206 and a 416, and of coded siblings", "Accept-Ranges", "left out", "`bytes`", "it is true of them too",
            (row, their, our) => their["Accept-Ranges"].Length == 0 && our["Accept-Ranges"] == "bytes"),
        new("`identity`, `*`, `x-gzip` and a second field in Accept-Encoding", "not looked at",
            "they count, by their weights", "RFC 9110, 8.4.1.3 and 12.5.3",
            (row, field, their, our) => row.Group == "codings" && their["Content-Encoding"] != our["Content-Encoding"]
                && field is "Content-Encoding" or "Content-Length" or "Body" or "Accept-Ranges"),
        Field("Type of a file of a coding itself", "Content-Type", "by the name before it, or none", "`application/gzip` and the like", "that is what it is",
            (row, _, _) => row.Target.EndsWith(".gz")),
        Field("Type of a file without a known extension", "Content-Type", "`default_type` (`text/plain` when unset)", "`application/octet-stream`", "bytes of an unknown kind are not text",
            (_, _, our) => our["Content-Type"] == "application/octet-stream"),
        Field("Types that its table lacks", "Content-Type", "`default_type`", "built in", "nothing is to be configured for the types of today",
            (row, their, our) => their["Content-Type"] is "text/plain" && Essence(our) != "text/plain"),
        Field("Old names of types", "Content-Type", "`application/javascript`, `image/x-icon`", "`text/javascript`, `image/vnd.microsoft.icon`", "RFC 9239 and the IANA registry",
            (_, their, _) => their["Content-Type"] is "application/javascript" or "image/x-icon"),
        Field("charset", "Content-Type", "none (`charset off`)", "`utf-8` for text", "what is not marked is guessed, and wrongly",
            (_, their, our) => our["Content-Type"] == their["Content-Type"] + "; charset=utf-8"),
        Field("Framing of a body of several ranges", "Content-Length", "a boundary of 20 digits, an empty line first", "a boundary of 32 random digits", "a file cannot have been written to contain it",
            (_, _, our) => our["Content-Type"] == "multipart/byteranges"),
    ];

    private static string Essence(StaticAnswer answer) => answer["Content-Type"].Split(';')[0];

    /// <summary>A difference in the status; 0 stands for any.</summary>
    private static StaticDifference Statuses(
        string name, string nginx, string here, string reason, (int Their, int Our) statuses, Func<StaticRequestRow, bool> isMeant)
        => new(name, nginx, here, reason, (row, _, their, our) => their.Status != our.Status
            && (statuses.Their == 0 || statuses.Their == their.Status) && (statuses.Our == 0 || statuses.Our == our.Status) && isMeant(row));

    /// <summary>A difference in a field, or in any when it has no name, between answers of one status.</summary>
    private static StaticDifference Field(
        string name, string field, string nginx, string here, string reason, Func<StaticRequestRow, StaticAnswer, StaticAnswer, bool> isMeant)
        => new(name, nginx, here, reason, (row, differing, their, our)
            => their.Status == our.Status && (field.Length == 0 || field == differing) && isMeant(row, their, our));
}
