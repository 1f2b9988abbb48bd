using System.Text;

namespace OneServe.StaticFiles;

/// <summary>What follows from the names of a file, before it is opened.</summary>
internal sealed class FileDescription
{
    private readonly string _name;
    private readonly string _filePath;
    private readonly string _urlPath;

    /// <param name="maps">Whose rules apply.</param>
    /// <param name="path">The file's path, ending with NUL.</param>
    /// <param name="urlPath">The request's path, one character a byte.</param>
    /// <param name="isDirectory">The request names the file's directory without a slash behind it.</param>
    public FileDescription(StaticFileMaps maps, ReadOnlySpan<byte> path, string urlPath, bool isDirectory)
    {
        _name = RequestName.FileName(path);
        _filePath = Path.GetFullPath(Encoding.UTF8.GetString(path[..^1]));
        _urlPath = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(urlPath));
        Freshness = maps.Freshness;
        IsDirectory = isDirectory;
        Type = maps.Rules.Types.For(_name);
        MayHaveSiblings = !isDirectory && !Type.IsCompressed && maps.Rules.Siblings.Allow(_filePath);
    }

    public bool IsDirectory { get; }

    public ContentType Type { get; }

    public bool MayHaveSiblings { get; }

    public FreshnessRules Freshness { get; }

    public Freshness FreshnessOf(long modified, out bool mayDependOnUrl)
        => Freshness.Of(_name, _filePath, _urlPath, Type.Value.ToString(), modified, out mayDependOnUrl);
}
