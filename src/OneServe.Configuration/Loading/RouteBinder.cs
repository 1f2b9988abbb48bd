using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace OneServe.Configuration;

/// <summary>Makes the routes of the settings, in the order of the file: one with a mistake would let through what it was written to stop.</summary>
internal sealed class RouteBinder(ImmutableArray<Setting> settings, RouteActionReader actions, DiagnosticList diagnostics)
{
    /// <summary>Matched without backtracking: the pattern is the operator's and the text a client's, together they must not take exponential time.</summary>
    public const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Dictionary<string, RouteSubject?> Subjects = new()
    {
        ["route"] = RouteSubject.Path,
        ["route-uri"] = RouteSubject.Uri,
        ["route-host"] = RouteSubject.Host,
        ["route-qs"] = RouteSubject.Query,
        ["route-remote-addr"] = RouteSubject.RemoteAddress,
        ["route-user-agent"] = RouteSubject.UserAgent,
        ["route-referer"] = RouteSubject.Referer,
        ["route-remote-user"] = RouteSubject.RemoteUser,
        ["route-run"] = null,
    };

    public ImmutableArray<RouteOptions> Bind() =>
        [.. settings.Where(setting => Subjects.ContainsKey(setting.Name)).Select(Read).OfType<RouteOptions>()];

    /// <summary>A text as requests have theirs: one character an octet.</summary>
    public static string Octets(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private RouteOptions? Read(Setting setting)
    {
        string text = setting.Value.Trim();
        if (Subjects[setting.Name] is not { } subject)
        {
            return actions.Read(setting, text, groups: null) is { } run ? new RouteOptions(null, "", run, setting) : null;
        }

        int blank = text.AsSpan().IndexOfAny(' ', '\t');
        if (blank < 0)
        {
            diagnostics.Error($"`{setting.Name}` needs a regular expression and, behind a blank, an action", setting.Source, $"{setting.Name} = ^/old/ return:410");
            return null;
        }

        string pattern = text[..blank];
        return Groups(setting, pattern) is { } groups && actions.Read(setting, text[(blank + 1)..].TrimStart(), groups) is { } action
            ? new RouteOptions(subject, Octets(pattern), action, setting)
            : null;
    }

    /// <summary>The number of the pattern's groups, or null when it is none.</summary>
    private int? Groups(Setting setting, string pattern)
    {
        try
        {
            return new Regex(Octets(pattern), Options).GetGroupNumbers().Max();
        }
        catch (RegexParseException error)
        {
            diagnostics.Error($"`{setting.Name}`: `{pattern}` is not a regular expression: {PatternFault.Describe(error)}", setting.Source);
        }
        catch (NotSupportedException)
        {
            (string cause, string fix) = Unsupported(pattern);
            diagnostics.Error($"`{setting.Name}`: `{pattern}` cannot be matched in linear time: {cause}", setting.Source, fix);
        }

        return null;
    }

    private static (string Cause, string Fix) Unsupported(string pattern)
    {
        if (pattern.Contains("(?=") || pattern.Contains("(?!") || pattern.Contains("(?<=") || pattern.Contains("(?<!"))
        {
            return ("it looks ahead or behind", "let an earlier route take the exceptions: ^/public/ continue:");
        }

        return Regex.IsMatch(pattern, @"\\[1-9]|\\k[<'{]", RegexOptions.CultureInvariant)
            ? ("it refers back to what a group has matched", "write out what the group may match")
            : ("it has an atomic group or a condition, or repeats too much", "write it without (?>…) and (?(…)…), and with smaller numbers in {…}");
    }
}
