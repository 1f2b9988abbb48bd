using Microsoft.AspNetCore.Http;
using OneServe.StaticFiles;

namespace OneServe.Gateway.Http;

/// <summary>
/// Files that an application names instead of sending them: X-Sendfile with a path below a declared directory, X-Accel-Redirect with a URL path below
/// a declared prefix. What is not declared passes as any other field, to whatever stands in front of this server.
/// </summary>
internal sealed class DelegatedFiles : IDisposable
{
    private const string PathField = "X-Sendfile";
    private const string UrlField = "X-Accel-Redirect";

    private readonly StaticFileCache? _byPath;
    private readonly StaticFileCache? _byUrl;

    /// <param name="byPath">The directories, each mapped to itself; null when none is declared.</param>
    /// <param name="byUrl">The prefixes; null when none is declared.</param>
    public DelegatedFiles(StaticFileMaps? byPath, StaticFileMaps? byUrl)
    {
        _byPath = byPath is null ? null : new StaticFileCache(byPath);
        _byUrl = byUrl is null ? null : new StaticFileCache(byUrl);
    }

    public bool HoldsFiles => _byPath is { Count: > 0 } || _byUrl is { Count: > 0 };

    /// <summary>
    /// Takes the fields off an answer: the file that is to be sent in the body's place; null when none is named. Of both the path counts, and the other
    /// goes too: where the files lie is nothing for clients.
    /// </summary>
    public DelegatedFile? Take(IHeaderDictionary fields)
    {
        var byPath = Take(fields, PathField, _byPath);
        return Take(fields, UrlField, _byUrl) is { } byUrl ? byPath ?? byUrl : byPath;
    }

    public void Trim()
    {
        _byPath?.Trim();
        _byUrl?.Trim();
    }

    public void Dispose()
    {
        _byPath?.Dispose();
        _byUrl?.Dispose();
    }

    private static DelegatedFile? Take(IHeaderDictionary fields, string name, StaticFileCache? cache)
    {
        if (cache is null || !fields.Remove(name, out var value))
            return null;
        string path = value.ToString();
        // One is a URL, which may be encoded and have a query; the other is taken to the letter.
        return new DelegatedFile(cache, name == UrlField && path.StartsWith('/') ? RequestPath.Decode(path, path.Split('?')[0]) : path);
    }
}
