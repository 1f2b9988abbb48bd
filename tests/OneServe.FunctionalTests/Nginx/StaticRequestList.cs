using OneServe.FunctionalTests.Harness;

namespace OneServe.FunctionalTests.Nginx;

/// <summary>The files and the requests on which two servers are compared.</summary>
internal static class StaticRequestList
{
    private const string Same = "Sun, 06 Nov 1994 08:49:37 GMT";
    private const string Before = "Sun, 06 Nov 1994 08:49:36 GMT";
    private const string After = "Sun, 06 Nov 1994 08:49:38 GMT";

    private static readonly DateTime Modified = new(1994, 11, 6, 8, 49, 37, DateTimeKind.Utc);

    private static readonly string[] Types =
    [
        "a.html", "a.css", "a.js", "a.mjs", "a.json", "a.map", "a.svg", "a.png", "a.jpg", "a.gif", "a.webp", "a.avif", "a.ico", "a.woff", "a.woff2", "a.ttf",
        "a.txt", "a.xml", "a.pdf", "a.zip", "a.gz", "a.mp4", "a.webm", "a.mp3", "a.wasm", "a.webmanifest", "a.md", "a.csv", "a.unheard-of", "README",
        "base.0123456789ab.css",
    ];

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"];

    private static readonly string[] Conditions =
    [
        "If-None-Match: {E}", "If-None-Match: W/{E}", "If-None-Match: *", "If-None-Match: \"x\", {E}", "If-None-Match: \"x\",W/\"y\" ,\t{E} , \"z\"",
        "If-None-Match: \"x\"", "If-None-Match: \"\"", "If-None-Match: nonsense", "If-None-Match: \"x\"|If-Modified-Since: " + Same,
        "If-None-Match: {E}|If-Modified-Since: " + Before, "If-Modified-Since: " + Same, "If-Modified-Since: " + After, "If-Modified-Since: " + Before,
        "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT", "If-Modified-Since: Sun Nov  6 08:49:37 1994", "If-Modified-Since: 1994-11-06T08:49:37Z",
        "If-Modified-Since: yesterday", "If-Match: {E}", "If-Match: *", "If-Match: \"x\", {E}", "If-Match: W/{E}", "If-Match: \"x\"",
        "If-Unmodified-Since: " + Same, "If-Unmodified-Since: " + After, "If-Unmodified-Since: " + Before, "If-Unmodified-Since: nonsense",
        "If-Match: {E}|If-Unmodified-Since: " + Before, "If-Match: \"x\"|If-None-Match: {E}", "If-Match: {E}|If-None-Match: {E}",
        "If-Unmodified-Since: " + Before + "|If-None-Match: {E}", "If-None-Match: {E}|Range: bytes=0-1", "If-Match: \"x\"|Range: bytes=0-1",
        "If-None-Match: \"x\"|Range: bytes=0-1", "Range: bytes=0-1|If-Range: {E}", "Range: bytes=0-1|If-Range: W/{E}", "Range: bytes=0-1|If-Range: \"x\"",
        "Range: bytes=0-1|If-Range: " + Same, "Range: bytes=0-1|If-Range: " + After, "Range: bytes=0-1|If-Range: " + Before, "Range: bytes=0-1|If-Range: nonsense",
        "Range: bytes=99999999-|If-Range: \"x\"", "Range: bytes=99999999-|If-Range: {E}",
    ];

    private static readonly string[] Ranges =
    [
        "bytes=0-0", "bytes=0-9", "bytes=2-4", "bytes=7-", "bytes=7-99", "bytes=7-99999999999999999999999999", "bytes=-3", "bytes=-10", "bytes=-99", "BYTES=1-2",
        "bytes= 1-2 ,", "bytes=99-,1-2", "bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99-,-0", "bytes=99999999999999999999999999-", "bytes=4-2", "bytes=0-1,4-2",
        "bytes=a-b", "bytes=+1-2", "bytes=--1", "bytes=-", "bytes=", "bytes=5", "bytes 0-1", "items=0-1", "bytes=0-5,5-6", "bytes=0-,0-,0-", "bytes=0-1,5-6,8-8",
        "bytes=8-8,0-1", "bytes=0-0,-1", "bytes=0-0,2-2,4-4,6-6,8-8,1-1,3-3,5-5,7-7,9-9,0-0,2-2,4-4,6-6,8-8,1-1,3-3",
    ];

    private static readonly string[] Codings =
    [
        "gzip", "gzip, deflate, br, zstd", "GZIP", "x-gzip", "br;q=0.5, gzip;q=0.8", "gzip;q=0", "gzip;q=0.000", "gzip;q=0.001", "gzip ; q=1.000", "gzip;q=2",
        "gzip;q=", "gzip;level=9", "*", "*;q=0", "*;q=0.1, gzip", "identity, gzip;q=0.5", "identity, gzip", "identity;q=0", "deflate, compress", "xgzip, gzipx", "",
        ",,gzip,", "gzip;q=1.5", "br", "zstd",
    ];

    private static readonly string[] Paths =
    [
        "/static/", "/static", "/static/dir", "/static/dir/", "/static/dir/in.txt", "/static/indexed", "/static/indexed/", "/static/indexed?x=1&y=%2f", "/static/indexed/?x",
        "/static//indexed", "//static/indexed", "/static/indexed/index.html", "/staticfoo", "/static.txt", "/secret.txt", "/media/note.txt", "/media/", "/media",
        "/static/none", "/static/none/", "/static/a.css?v=1", "/static/a.css#f", "/static/a.css/", "/static/a.css/x", "/static/A.CSS", "/STATIC/a.css",
        "/static/../secret.txt", "/static/dir/../a.css", "/static/dir/../../secret.txt", "/static/./a.css", "/static/dir/..", "/static/..", "/static/.", "/..", "/../..",
        "/../static/a.css", "/static/%2e%2e/secret.txt", "/static/%2e/a.css", "/static/..%2fsecret.txt", "/static/%2e%2e%2fsecret.txt", "/static%2fa.css",
        "/static/dir%2fin.txt", "/static/..%5csecret.txt", "/static/..\\secret.txt", "/static/%252e%252e/secret.txt", "/static/%2fetc/passwd", "/static//etc/passwd",
        "/static///a.css", "/static//../secret.txt", "/static../secret.txt", "/static/%c0%ae%c0%ae/secret.txt", "/static/%c0%afetc/passwd", "/static/%ff%fe",
        "/static/a.css%00", "/static/a.css%00.txt", "/static/%00", "/static/a.css%", "/static/a.css%2", "/static/a.css%zz", "/static/%61.css", "/static/a%2ecss",
        "/static/a.css%20", "/static/a.css.", "/static/dot.", "/static/a.css::$DATA", "/static/.env", "/static/.git/config", "/static/.well-known/security.txt",
        "/static/%2eenv", "/static/fifo", "/static/link-in.txt", "/static/absolute-in.txt", "/static/link-out.txt", "/static/link-out/secret.txt", "/static/passwd",
        "/static/device", "/static/loop", "/static/dangling", "/static/space%20and%20%c3%bcn%c3%af.txt", "/static/space and.txt", "/static/back%5cslash.txt",
        "/static/back\\slash.txt", "/static/plus+sign.txt", "/static/plus%2bsign.txt", "/static/%e9.txt", "/static/caf\u00c3\u00a9.txt", "/static/semi;colon.txt",
        "/static/" + new string('a', 255), "/static/" + new string('a', 256), "/static/" + new string('a', 4080), "/static/" + new string('a', 7000),
        "/static/" + new string('/', 2000) + "a.css", "/static/x/../" + string.Concat(Enumerable.Repeat("dir/../", 300)) + "a.css",
        "http://localhost/static/a.css", "http://localhost", "HTTP://LOCALHOST/static/a.css?x", "*", "static/a.css", "/static/app.js.gz", "/static/only.js",
        "/static/large.bin", "/static/empty.txt",
    ];

    /// <summary>Writes the files, all of one second.</summary>
    public static void WriteFiles(TestSite site)
    {
        string[] texts = [.. Types, "dir/in.txt", "indexed/index.html", ".env", ".git/config", ".well-known/security.txt", "dot.", "space and ünï.txt", "back\\slash.txt",
            "plus+sign.txt", "café.txt", "semi;colon.txt", "%2e%2e", new string('a', 255)];
        foreach (string name in texts)
            Write(site, "static/" + name, $"This is {name}\n");
        Write(site, "static/digits.txt", "0123456789");
        Write(site, "static/empty.txt", "");
        Write(site, "static/large.bin", string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number:D9}\n")));
        Write(site, "static/app.js", "plain plain plain plain plain plain\n");
        Write(site, "static/app.js.gz", "as if it were coded\n");
        Write(site, "static/only.js.gz", "without an original\n");
        Write(site, "media/note.txt", "note\n");
        Write(site, "secret.txt", "the secret\n");
        Write(site, "static.txt", "beside\n");
        Link(site, "static/link-in.txt", "a.txt");
        Link(site, "static/absolute-in.txt", site.PathOf("static/a.txt"));
        Link(site, "static/link-out.txt", "../secret.txt");
        Link(site, "static/link-out", "..");
        Link(site, "static/passwd", "/etc/passwd");
        Link(site, "static/device", "/dev/null");
        Link(site, "static/loop", "loop");
        Link(site, "static/dangling", "nowhere");
        Interpreters.Run("mkfifo", site.PathOf("static/fifo"));
    }

    public static IReadOnlyList<StaticRequestRow> Rows()
    {
        List<StaticRequestRow> rows = [];
        void Add(string group, string method, string target, string fields = "") => rows.Add(new StaticRequestRow(group, method, target, fields));
        foreach (string name in Types)
            Add("types", "GET", "/static/" + name);
        foreach (string method in Methods)
        {
            foreach (string target in (string[])["/static/a.css", "/static/none.css", "/static/indexed/", "/static/indexed", "/static/dir/"])
                Add("methods", method, target);
        }
        foreach (string condition in Conditions)
        {
            Add("conditions", "GET", "/static/digits.txt", condition);
            Add("conditions", "HEAD", "/static/large.bin", condition);
        }
        foreach (string range in Ranges)
            Add("ranges", "GET", "/static/digits.txt", "Range: " + range);
        foreach (string range in (string[])["bytes=0-0", "bytes=65530-65545", "bytes=-5", "bytes=199990-", "bytes=200000-", "bytes=0-1,100000-100001", "bytes=0-,0-"])
            Add("ranges", "GET", "/static/large.bin", "Range: " + range);
        foreach (string range in (string[])["bytes=0-1", "bytes=99999999-", "bytes=0-1,4-5"])
            Add("ranges", "HEAD", "/static/large.bin", "Range: " + range);
        foreach (string range in (string[])["bytes=0-", "bytes=-5", "bytes=5-"])
            Add("ranges", "GET", "/static/empty.txt", "Range: " + range);
        Add("ranges", "GET", "/static/digits.txt", "Range: bytes=0-1|Range: bytes=3-4");
        foreach (string coding in Codings)
            Add("codings", "GET", "/static/app.js", "Accept-Encoding: " + coding);
        foreach (string more in (string[])["Range: bytes=0-3", "Range: bytes=0-1,3-4", "If-None-Match: {E}", "If-None-Match: *", "If-Modified-Since: " + Same])
            Add("codings", "GET", "/static/app.js", "Accept-Encoding: gzip|" + more);
        Add("codings", "HEAD", "/static/app.js", "Accept-Encoding: gzip");
        Add("codings", "GET", "/static/app.js", "Accept-Encoding: deflate|Accept-Encoding: gzip");
        Add("codings", "GET", "/static/digits.txt", "Accept-Encoding: gzip");
        foreach (string path in Paths)
            Add("paths", "GET", path);
        return [.. rows.DistinctBy(row => row.Key)];
    }

    private static void Write(TestSite site, string name, string text) => File.SetLastWriteTimeUtc(site.Write(name, text), Modified);

    private static void Link(TestSite site, string name, string target) => File.CreateSymbolicLink(site.PathOf(name), target);
}
