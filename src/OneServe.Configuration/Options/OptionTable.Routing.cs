using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Routing() =>
    [
        Route("route", "path"),
        Route("route-uri", "URI as sent"),
        Route("route-host", "host"),
        Route("route-qs", "query") with { Aliases = ["route-query"] },
        Route("route-remote-addr", "client's address"),
        Route("route-user-agent", "user agent"),
        Route("route-referer", "referring page"),
        Route("route-remote-user", "user, whom an earlier basicauth let in"),
        new("route-run", Text, Works, "Do something with every request: return, redirect, basicauth, ratelimit, addheader …")
        {
            Repeatable = true, Placeholder = "ACTION:ARGUMENTS",
        },
        new("add-header", Text, Works, "Add a header to every answer") { Repeatable = true, Placeholder = "NAME: VALUE" },
        new("http-to-https", Address, Works, "Listen there, and redirect whatever is asked for to https") { Repeatable = true, Placeholder = "ADDRESS" },
        ErrorPage(403),
        ErrorPage(404),
        ErrorPage(500),
        new("route-if", Text, NotYet, "Decide on a request by a condition") { Advice = "route by path, host or address, or do it in the application's middleware", Repeatable = true },
        new("route-if-not", Text, NotYet, "Decide on a request by a condition") { Advice = "route by path, host or address, or do it in the application's middleware", Repeatable = true },
        new("route-label", Text, NotYet, "A place to go on from") { Advice = "route by path, host or address, or do it in the application's middleware", Repeatable = true },
        new("final-route", Text, NotYet, "Decide on an answer by its path") { Advice = "route by path, host or address, or do it in the application's middleware", Repeatable = true },
        new("response-route", Text, NotYet, "Decide on an answer by its path") { Advice = "route by path, host or address, or do it in the application's middleware", Repeatable = true },
    ];

    private static OptionDefinition Route(string name, string subject) =>
        new(name, Text, Works, $"Do something with the requests whose {subject} matches") { Repeatable = true, Placeholder = "REGEX ACTION:ARGUMENTS" };

    private static OptionDefinition ErrorPage(int status) =>
        new($"error-page-{status}", FilePath, Works, $"The body of the server's own answers with status {status}") { Placeholder = "FILE" };
}
