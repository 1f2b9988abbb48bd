using System.Collections.Frozen;

namespace OneServe.StaticFiles;

/// <summary>
/// Media types by file extension, built in: slim containers have no /etc/mime.types. After the IANA registry and the WHATWG MIME Sniffing standard.
/// </summary>
public sealed class ContentTypes
{
    private const string Utf8 = "; charset=utf-8";

    private static readonly ContentType Unknown = new("application/octet-stream", IsCompressed: false);

    /// <summary>Formats that a coding makes smaller. XML and JSON say themselves what their charset is; plain text does not.</summary>
    private static readonly Dictionary<string, string> Plain = new()
    {
        ["text/html" + Utf8] = "html htm shtml",
        ["text/css" + Utf8] = "css",
        ["text/javascript" + Utf8] = "js mjs cjs", // RFC 9239
        ["text/plain" + Utf8] = "txt text log conf ini py",
        ["text/markdown" + Utf8] = "md markdown",
        ["text/csv" + Utf8] = "csv",
        ["text/tab-separated-values" + Utf8] = "tsv",
        ["text/calendar" + Utf8] = "ics",
        ["text/vcard" + Utf8] = "vcf",
        ["text/vtt" + Utf8] = "vtt",
        ["text/yaml" + Utf8] = "yaml yml",
        ["text/xml" + Utf8] = "xml xsd",
        ["application/json"] = "json map topojson",
        ["application/geo+json"] = "geojson",
        ["application/ld+json"] = "jsonld",
        ["application/manifest+json"] = "webmanifest",
        ["application/xhtml+xml"] = "xhtml xht",
        ["application/xslt+xml"] = "xsl xslt",
        ["application/atom+xml"] = "atom",
        ["application/rss+xml"] = "rss",
        ["application/gpx+xml"] = "gpx",
        ["application/vnd.google-earth.kml+xml"] = "kml",
        ["application/wasm"] = "wasm",
        ["application/pdf"] = "pdf",
        ["application/rtf"] = "rtf",
        ["application/postscript"] = "ps eps ai",
        ["application/msword"] = "doc",
        ["application/vnd.ms-excel"] = "xls",
        ["application/vnd.ms-powerpoint"] = "ppt",
        ["application/vnd.ms-fontobject"] = "eot",
        ["application/vnd.apple.mpegurl"] = "m3u8",
        ["application/dash+xml"] = "mpd",
        ["application/x-tar"] = "tar",
        ["image/svg+xml"] = "svg",
        ["image/bmp"] = "bmp",
        ["image/vnd.microsoft.icon"] = "ico cur",
        ["image/tiff"] = "tif tiff",
        ["font/ttf"] = "ttf",
        ["font/otf"] = "otf",
        ["font/collection"] = "ttc",
        ["model/gltf+json"] = "gltf",
        ["model/gltf-binary"] = "glb",
        ["audio/midi"] = "mid midi kar",
        ["audio/wav"] = "wav",
    };

    private static readonly Dictionary<string, string> Compressed = new()
    {
        ["font/woff"] = "woff",
        ["font/woff2"] = "woff2",
        ["image/png"] = "png",
        ["image/apng"] = "apng",
        ["image/jpeg"] = "jpg jpeg jpe jfif",
        ["image/gif"] = "gif",
        ["image/webp"] = "webp",
        ["image/avif"] = "avif",
        ["image/heic"] = "heic",
        ["image/heif"] = "heif",
        ["image/jxl"] = "jxl",
        ["image/jp2"] = "jp2",
        ["audio/aac"] = "aac",
        ["audio/flac"] = "flac",
        ["audio/mp4"] = "m4a",
        ["audio/mpeg"] = "mp3",
        ["audio/ogg"] = "oga ogg opus",
        ["audio/webm"] = "weba",
        ["video/mp2t"] = "ts",
        ["video/mp4"] = "mp4 m4v",
        ["video/mpeg"] = "mpeg mpg",
        ["video/ogg"] = "ogv",
        ["video/quicktime"] = "mov qt",
        ["video/webm"] = "webm",
        ["video/3gpp"] = "3gp",
        ["video/x-flv"] = "flv",
        ["video/x-m4v"] = "m4s",
        ["video/x-matroska"] = "mkv",
        ["video/x-msvideo"] = "avi",
        ["application/gzip"] = "gz tgz",
        ["application/zip"] = "zip",
        ["application/zstd"] = "zst",
        ["application/x-brotli"] = "br",
        ["application/x-bzip2"] = "bz2",
        ["application/x-xz"] = "xz",
        ["application/x-7z-compressed"] = "7z",
        ["application/vnd.rar"] = "rar",
        ["application/java-archive"] = "jar war ear",
        ["application/epub+zip"] = "epub",
        ["application/vnd.android.package-archive"] = "apk",
        ["application/vnd.google-earth.kmz"] = "kmz",
        ["application/vnd.debian.binary-package"] = "deb",
        ["application/x-rpm"] = "rpm",
        ["application/x-xpinstall"] = "xpi",
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = "docx",
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = "xlsx",
        ["application/vnd.openxmlformats-officedocument.presentationml.presentation"] = "pptx",
        ["application/vnd.oasis.opendocument.text"] = "odt",
        ["application/vnd.oasis.opendocument.spreadsheet"] = "ods",
        ["application/vnd.oasis.opendocument.presentation"] = "odp",
    };

    /// <summary>Whole names that protocols fix without an extension.</summary>
    private static readonly FrozenDictionary<string, ContentType> ByName = new Dictionary<string, ContentType>(StringComparer.Ordinal)
    {
        ["apple-app-site-association"] = new("application/json", IsCompressed: false),
        ["security.txt"] = new("text/plain" + Utf8, IsCompressed: false), // RFC 9116
    }.ToFrozenDictionary();

    /// <summary>Names that operators' rules still use for types of the table.</summary>
    private static readonly FrozenDictionary<string, string> OldNames = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["application/javascript"] = "text/javascript",
        ["application/x-javascript"] = "text/javascript",
        ["application/xml"] = "text/xml",
        ["image/x-icon"] = "image/vnd.microsoft.icon",
        ["application/font-woff"] = "font/woff",
        ["application/font-woff2"] = "font/woff2",
        ["application/x-font-ttf"] = "font/ttf",
        ["application/x-font-woff"] = "font/woff",
        ["application/x-gzip"] = "application/gzip",
        ["audio/x-wav"] = "audio/wav",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly FrozenDictionary<string, ContentType> _byExtension;

    private ContentTypes(IEnumerable<KeyValuePair<string, ContentType>> rows)
        => _byExtension = rows.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The table above.</summary>
    public static ContentTypes BuiltIn { get; } = new(Rows(Plain, isCompressed: false).Concat(Rows(Compressed, isCompressed: true)));

    /// <summary>This table with rows of a file in the form of /etc/mime.types over it: a type, blanks, its extensions; `#` begins a comment.</summary>
    public ContentTypes With(string typesFile)
    {
        var rows = new Dictionary<string, ContentType>(_byExtension, StringComparer.OrdinalIgnoreCase);
        foreach (string line in typesFile.Split('\n'))
        {
            string[] words = line.Split('#')[0].TrimEnd(';', '\r').Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            foreach (string extension in words.Skip(1))
            {
                string type = words[0].StartsWith("text/", StringComparison.OrdinalIgnoreCase) ? words[0] + Utf8 : words[0];
                rows[extension.TrimStart('.')] = new ContentType(type, rows.GetValueOrDefault(extension)?.IsCompressed ?? false);
            }
        }
        return new ContentTypes(rows);
    }

    /// <summary>True when both name the same type; parameters and old names make no difference.</summary>
    internal static bool AreSame(string type, string other) => Essence(type).Equals(Essence(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>The type of a file by its name without directories.</summary>
    internal ContentType For(string name)
    {
        if (ByName.TryGetValue(name, out var type))
            return type;
        int dot = name.LastIndexOf('.');
        return dot >= 0 && _byExtension.TryGetValue(name[(dot + 1)..], out type) ? type : Unknown;
    }

    private static string Essence(string type)
    {
        string essence = type.Split(';')[0].Trim();
        return OldNames.GetValueOrDefault(essence, essence);
    }

    private static IEnumerable<KeyValuePair<string, ContentType>> Rows(Dictionary<string, string> table, bool isCompressed)
        => from row in table
           let type = new ContentType(row.Key, isCompressed)
           from extension in row.Value.Split(' ')
           select KeyValuePair.Create(extension, type);
}
