using System.Collections.Immutable;
using System.Globalization;

namespace OneServe.Configuration;

/// <summary>Reads `ACTION:ARGUMENTS` of a route.</summary>
/// <param name="directory">`chdir`: where the names of files begin; null: where the server was started.</param>
internal sealed class RouteActionReader(string? directory, DiagnosticList diagnostics)
{
    private const int MaxBurst = 1_000_000;

    /// <summary>Those that answer, those that decide, those that go on; as a message lists them.</summary>
    public static readonly ImmutableArray<string> Names =
    [
        "return", "break", "redirect", "redirect-302", "redirect-permanent", "redirect-301", "static", "basicauth", "ratelimit", "continue", "last",
        "addheader", "delheader", "remheader", "donotlog",
    ];

    /// <summary>The action, or null after an error.</summary>
    /// <param name="text">Without the pattern.</param>
    /// <param name="groups">How many groups the pattern has, the whole match not counted; null: there is no pattern.</param>
    public RouteAction? Read(Setting setting, string text, int? groups)
    {
        int colon = text.IndexOf(':');
        // donotlog and its kin need no arguments, and uWSGI refuses them without a colon.
        string name = colon < 0 ? text : text[..colon];
        string arguments = colon < 0 ? "" : text[(colon + 1)..];
        return name switch
        {
            "return" => Answer(setting, arguments, hasText: true),
            "break" when arguments.Length == 0 => new RouteAction.Cut(),
            "break" => Answer(setting, arguments, hasText: false),
            "continue" or "last" => new RouteAction.Last(),
            "redirect" or "redirect-302" => Redirect(setting, 302, arguments, groups),
            "redirect-permanent" or "redirect-301" => Redirect(setting, 301, arguments, groups),
            "addheader" => AddField(setting, arguments, groups),
            "delheader" or "remheader" => RemoveField(setting, arguments),
            "donotlog" => new RouteAction.DoNotLog(),
            "basicauth" => BasicAuth(setting, arguments),
            "static" => SendFile(setting, arguments, groups),
            "ratelimit" => RateLimit(setting, arguments),
            _ => Error(setting, $"there is no action `{name}`", $"there are {string.Join(", ", Names)}"),
        };
    }

    private RouteAction? Answer(Setting setting, string arguments, bool hasText)
    {
        // uWSGI's break takes a whole status line; the name behind the number is the standard's here.
        string code = arguments.Split(' ')[0];
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 200 and <= 599
            ? new RouteAction.Answer(status, hasText)
            : Error(setting, $"`{code}` is not a status from 200 to 599", "return:403");
    }

    private RouteAction? Redirect(Setting setting, int status, string arguments, int? groups) =>
        Text(setting, arguments, groups, "an address", "redirect:/new/$1") is { } location ? new RouteAction.Redirect(status, location) : null;

    private RouteAction? AddField(Setting setting, string arguments, int? groups)
    {
        if (FieldLine.Read(arguments) is not var (name, value))
        {
            return Error(setting, "`addheader` needs a name and a value", "addheader:X-Frame-Options: DENY");
        }

        return FieldLine.IsOurs(name)
            ? Error(setting, $"`{name}` is the server's own: it says where an answer ends", null)
            : Text(setting, value, groups, "a value", "addheader:X-Frame-Options: DENY") is { } text ? new RouteAction.AddField(name, text) : null;
    }

    private RouteAction? RemoveField(Setting setting, string arguments) =>
        !FieldLine.IsName(arguments.Trim()) ? Error(setting, "`delheader` needs the name of a header", "delheader:X-Powered-By")
        : FieldLine.IsOurs(arguments.Trim()) ? Error(setting, $"`{arguments.Trim()}` is the server's own: it says where an answer ends", null)
        : new RouteAction.RemoveField(arguments.Trim());

    private RouteAction? BasicAuth(Setting setting, string arguments)
    {
        int comma = arguments.IndexOf(',');
        if (comma <= 0)
        {
            return Error(setting, "`basicauth` needs a realm and, behind a comma, user:password or a file of htpasswd", "basicauth:Staff,/etc/site.htpasswd");
        }

        string realm = RouteBinder.Octets(arguments[..comma]);
        string users = arguments[(comma + 1)..].Trim();
        int colon = users.IndexOf(':');
        if (colon < 0)
        {
            return new RouteAction.BasicAuth(realm, [], users.Length == 0 ? null : PathOf(users));
        }

        var entry = new PasswordEntry(RouteBinder.Octets(users[..colon]), RouteBinder.Octets(users[(colon + 1)..]), PasswordForm.Plain);
        return new RouteAction.BasicAuth(realm, [entry], null);
    }

    /// <summary>The name is cut at the last slash that is certain: what a client adds stays below it.</summary>
    private RouteAction? SendFile(Setting setting, string arguments, int? groups)
    {
        if (arguments.Length == 0 || arguments.StartsWith('$'))
        {
            return Error(setting, "`static` needs a file whose name begins with a fixed directory", "static:/srv/site/$1");
        }

        string path = PathOf(arguments);
        int slash = RouteText.Parse(path).FixedBeginning.LastIndexOf('/') + 1;
        return Text(setting, path[slash..], groups, "a file", "static:/srv/site/$1") is { } name ? new RouteAction.SendFile(slash == 0 ? "./" : path[..slash], name) : null;
    }

    private RouteAction? RateLimit(Setting setting, string arguments)
    {
        const string Example = "ratelimit:10/s,burst=20";
        string[] words = arguments.Split(',', StringSplitOptions.TrimEntries);
        string[] rate = words[0].Split('/');
        double seconds = rate.Length == 2 ? rate[1] switch { "s" => 1, "m" => 60, "h" => 3600, _ => 0 } : 0;
        if (seconds == 0 || !int.TryParse(rate[0], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > MaxBurst)
        {
            return Error(setting, $"`{words[0]}` is not a number of requests a second (/s), minute (/m) or hour (/h)", Example);
        }

        int burst = count;
        foreach (string word in words.AsSpan(1))
        {
            bool isBurst = word.StartsWith("burst=", StringComparison.Ordinal)
                && int.TryParse(word["burst=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out burst) && burst is >= 1 and <= MaxBurst;
            if (!isBurst)
            {
                return Error(setting, $"`{word}` is not burst= and a number from 1 to {MaxBurst}", Example);
            }
        }

        return new RouteAction.RateLimit(count / seconds, burst);
    }

    private RouteText? Text(Setting setting, string text, int? groups, string what, string example)
    {
        if (text.Trim().Length == 0)
        {
            Error(setting, $"{what} is missing", example);
            return null;
        }

        RouteText parsed = RouteText.Parse(RouteBinder.Octets(text.Trim()));
        foreach (RouteTextPart part in parsed.Parts)
        {
            if (part.Kind == RouteTextKind.Group && !(part.Text[0] - '0' <= groups))
            {
                string has = groups switch { null => "there is no pattern", 0 => "the pattern has no group", _ => $"the pattern has {groups}" };
                Error(setting, $"`${part.Text}` is not there: {has}", groups is null ? "route = ^/(.*) …" : "put what is meant into parentheses");
                return null;
            }

            if (part.Kind == RouteTextKind.Variable && !RouteVariable.IsKnown(part.Text))
            {
                Error(setting, $"there is no variable `${{{part.Text}}}`", $"there are {string.Join(", ", RouteVariable.Names)}, and HTTP_NAME for a header");
                return null;
            }
        }

        return parsed;
    }

    private string PathOf(string path) => directory is null ? path : ConfigurationPath.Join(directory, path);

    private RouteAction? Error(Setting setting, string message, string? hint)
    {
        diagnostics.Error($"`{setting.Name}`: {message}", setting.Source, hint);
        return null;
    }
}
