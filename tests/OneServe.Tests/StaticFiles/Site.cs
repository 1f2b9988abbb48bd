using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Primitives;
using OneServe.Posix;
using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

/// <summary>A directory of files in the temporary directory, and a cache that serves it.</summary>
internal sealed partial class Site : IDisposable
{
    /// <summary>The modification time of files that are written without one: Sun, 06 Nov 1994 08:49:37 GMT, and some nanoseconds.</summary>
    public static readonly DateTime Modified = new DateTime(1994, 11, 6, 8, 49, 37, DateTimeKind.Utc).AddTicks(1234567);

    private const int CreateForWriting = 0x41; // O_CREAT | O_WRONLY

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("oneserve-static-");
    private readonly List<byte[]> _rawPaths = [];
    private StaticFileCache? _cache;

    public ManualClock Clock { get; } = new();

    public StaticCacheLimits Limits { get; set; } = new();

    /// <summary>The maps: `prefix=target`, targets relative to the directory unless absolute; `prefix=+target` appends the whole path.</summary>
    public string[] Maps { get; set; } = ["/static=root"];

    public StaticRules Rules { get; set; } = new();

    public string Root => _directory.FullName;

    public StaticFileCache Cache => _cache ??= new StaticFileCache(CreateMaps(), Limits, Clock);

    [LibraryImport("libc")]
    private static partial int open(byte[] path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int unlink(byte[] path);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, int mode);

    public StaticFileMaps CreateMaps() => new(Maps
        .Select(map => map.Split('=', 2))
        .Select(map => new StaticMap(map[0], map[1].Length == 0 ? "" : Path.Combine(Root, map[1].TrimStart('+')), map[1].StartsWith('+'))),
        Rules);

    public string At(string path) => Path.Combine(Root, path);

    public string Write(string path, string content, DateTime? modified = null)
    {
        string full = At(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        File.SetLastWriteTimeUtc(full, modified ?? Modified);
        return full;
    }

    /// <summary>Writes a file beside and renames it over the other, as careful deployers do.</summary>
    public void Replace(string path, string content)
    {
        Write(path + "~", content, DateTime.UtcNow);
        Rename(path + "~", path);
    }

    /// <summary>An empty file whose name is any bytes. The class library can neither make nor remove it.</summary>
    public void WriteRaw(byte[] name)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(Root + "/"), .. name, 0];
        Descriptors.Close(open(path, CreateForWriting, 0x1A4)).IsError.Should().BeFalse();
        _rawPaths.Add(path);
    }

    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.CreateSymbolicLink(At(path), target);
    }

    /// <summary>rename(2), also of a link to a directory, over whatever is there.</summary>
    public void Rename(string from, string to) => rename(At(from), At(to)).Should().Be(0);

    public void MakeFifo(string path) => mkfifo(At(path), 0x1A4).Should().Be(0);

    public bool TryGet(string path, out StaticResponse response) => Cache.TryRespond(new StaticRequest { Method = "GET", Path = path }, out response);

    /// <summary>The body of a GET, or null when the path is the application's.</summary>
    public string? Get(string path)
    {
        if (!TryGet(path, out var response))
            return null;
        string body = Read(response);
        response.Release();
        return body;
    }

    public StaticResponse Respond(string method, string path, params (string Name, string Value)[] fields)
        => RespondTo(method, path, path, fields);

    /// <summary>The same for a target that is more than its path.</summary>
    public StaticResponse RespondTo(string method, string path, string target, params (string Name, string Value)[] fields)
    {
        StringValues Field(string name) => fields.Where(field => field.Name == name).Select(field => field.Value).ToArray();
        var request = new StaticRequest
        {
            Method = method,
            Path = path,
            Target = target,
            AcceptEncoding = Field("Accept-Encoding"),
            IfMatch = Field("If-Match"),
            IfNoneMatch = Field("If-None-Match"),
            IfModifiedSince = Field("If-Modified-Since"),
            IfUnmodifiedSince = Field("If-Unmodified-Since"),
            Range = Field("Range"),
            IfRange = Field("If-Range"),
        };
        Cache.TryRespond(request, out var response).Should().BeTrue("{0} {1} is a file", method, path);
        return response;
    }

    /// <summary>What the gateway would send.</summary>
    public static string Read(in StaticResponse response) => response.BodyKind switch
    {
        StaticBodyKind.None => "",
        StaticBodyKind.Parts => string.Concat(response.Parts!.Select(Read)),
        _ => Read(response.Body),
    };

    public void Dispose()
    {
        _cache?.Dispose();
        _rawPaths.ForEach(path => unlink(path).Should().Be(0));
        _directory.Delete(recursive: true);
    }

    private static string Read(StaticSegment segment)
    {
        if (segment.File is null)
            return Encoding.Latin1.GetString(segment.Memory.Span);
        byte[] bytes = new byte[segment.Length];
        PositionedReads.ReadAt(segment.File.Number, bytes, segment.Offset).Value.Should().Be((nint)bytes.Length);
        return Encoding.Latin1.GetString(bytes);
    }
}
