using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OneServe.Configuration;

/// <summary>Makes the typed options of static files.</summary>
internal sealed class StaticFileBinder(ILookup<string, Setting> byName, DiagnosticList diagnostics)
{
    private const int MostSeconds = 10 * 365 * 24 * 60 * 60;

    /// <summary>In the order in which a request asks them.</summary>
    public ImmutableArray<StaticMapOptions> Maps() =>
    [
        .. byName["check-static"].Select(setting => new StaticMapOptions("/", setting.Value, setting)),
        .. byName["static-map"].Select(setting => Map(setting)),
        .. byName["static-map2"].Select(setting => Map(setting) with { AppendsWholePath = true }),
    ];

    public StaticFileOptions Bind() => new()
    {
        Index = Values("static-index"),
        SafeDirectories = Values("static-safe"),
        SkippedSuffixes = Values("static-skip-ext"),
        ClosedPrefixes = [.. byName["static-404"].Select(setting => setting.Value.StartsWith('/') ? setting.Value : "/" + setting.Value)],
        DotFiles = byName["static-dotfiles"].LastOrDefault() is { Value: not "false" },
        ImmutablePaths = Patterns("static-immutable"),
        Expiry =
        [
            .. Expiry("static-expires", StaticExpirySubject.FilePath),
            .. Expiry("static-expires-path-info", StaticExpirySubject.UrlPath),
            .. Expiry("static-expires-uri", StaticExpirySubject.Url),
            .. Expiry("static-expires-type", StaticExpirySubject.ContentType),
        ],
        AllSiblings = byName["static-gzip-all"].LastOrDefault() is { } all
            ? all.Value != "false"
            : !byName["static-gzip"].Concat(byName["static-gzip-dir"]).Concat(byName["static-gzip-ext"]).Any(),
        SiblingPatterns = Patterns("static-gzip"),
        SiblingDirectories = Values("static-gzip-dir"),
        SiblingSuffixes = Values("static-gzip-ext"),
        TypeFiles = [.. byName["mimefile"]],
        SendDirectories = [.. byName["x-sendfile"]],
        SendMaps = [.. byName["x-accel-redirect"].Select(setting => Map(setting))],
    };

    private StaticMapOptions Map(Setting setting)
    {
        int equals = setting.Value.IndexOf('=');
        string prefix = setting.Value[..Math.Max(equals, 0)];
        // uWSGI compares letters: there `/img-` takes /img-large/a.png and appends large/a.png. Nobody ends a whole segment so, who does means that.
        if (prefix.Length > 1 && prefix[^1] is '-' or '_' or '.' or '~' or '@')
        {
            string message = $"`{setting.Name}`: `{prefix}` matches that segment of a path alone, and no longer one that begins so";
            diagnostics.Warning(message, setting.Source, "end the prefix where a segment ends");
        }

        return new StaticMapOptions(prefix, setting.Value[(equals + 1)..], setting);
    }

    private ImmutableArray<string> Values(string name) => [.. byName[name].Select(setting => setting.Value)];

    private ImmutableArray<string> Patterns(string name) =>
        [.. byName[name].Select(setting => setting with { Value = OptionValue.SplitComment(setting.Value).Value })
            .Where(setting => IsPattern(setting, setting.Value))
            .Select(setting => setting.Value)];

    private IEnumerable<StaticExpiryOptions> Expiry(string name, StaticExpirySubject subject) =>
        byName[name].Select(setting => Expiry(setting, subject, false))
            .Concat(byName[$"{name}-mtime"].Select(setting => Expiry(setting, subject, true)))
            .OfType<StaticExpiryOptions>();

    private StaticExpiryOptions? Expiry(Setting setting, StaticExpirySubject subject, bool afterLastChange)
    {
        string text = OptionValue.SplitComment(setting.Value).Value;
        bool isType = subject == StaticExpirySubject.ContentType;
        int divider = isType ? text.LastIndexOf('=') : text.AsSpan().LastIndexOfAny(' ', '\t');
        string pattern = divider < 0 ? "" : text[..divider].TrimEnd();
        if (pattern.Length == 0 || OptionValue.ParseInteger(text[(divider + 1)..].Trim())?.Value is not (>= 0 and <= MostSeconds and var seconds))
        {
            string form = isType ? "a content type, = and seconds" : "a regular expression and, behind a blank, seconds";
            diagnostics.Error($"`{setting.Name}` needs {form}", setting.Source, $"{setting.Name} = {(isType ? "text/css=3600" : "\\.css$ 3600")}");
            return null;
        }

        return isType || IsPattern(setting, pattern) ? new StaticExpiryOptions(subject, pattern, (int)seconds, afterLastChange) : null;
    }

    private bool IsPattern(Setting setting, string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return true;
        }
        catch (RegexParseException error)
        {
            diagnostics.Error($"`{setting.Name}`: `{pattern}` is not a regular expression: {PatternFault.Describe(error)}", setting.Source);
            return false;
        }
    }
}
