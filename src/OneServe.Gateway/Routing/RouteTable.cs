using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using OneServe.Configuration;

namespace OneServe.Gateway.Routing;

/// <summary>The routes of a configuration, in the order of its file. Loop thread only.</summary>
internal sealed class RouteTable(IReadOnlyList<Route> routes) : IDisposable
{
    /// <summary>True while there is something that <see cref="Trim"/> may drop one day.</summary>
    public bool HasToTrim => routes.Any(route => route.Files is { HoldsFiles: true } || route.Rate is { Addresses: > 0 });

    /// <summary>Runs the routes; null when none is about the request.</summary>
    public RouteDecision? Decide(RouteRequest request)
    {
        RouteDecision? decision = null;
        // Credentials that did not fit may fit the next line of the same realm; what ends the routes ends that hope.
        string? refused = null;
        string? admitted = null;
        foreach (var route in routes)
        {
            if (admitted is not null && route.Action is RouteAction.BasicAuth { Realm: var realm } && realm == admitted)
                continue;
            admitted = null;
            if (!route.Concerns(request, out var match))
                continue;
            decision ??= new RouteDecision();
            if (route.Ends && refused is not null)
                break;
            if (route.Action is RouteAction.BasicAuth auth)
            {
                admitted = Admit(auth, route.Passwords!, request, decision) ? auth.Realm : null;
                refused = admitted is null ? refused ?? auth.Realm : admitted == refused ? null : refused;
            }
            else if (!GoesOn(route, match, request, decision))
            {
                return decision;
            }
        }
        if (refused is not null)
        {
            decision!.Verdict = RouteVerdict.Answer;
            decision.Answer = new OwnAnswer(StatusCodes.Status401Unauthorized) { Challenge = BasicCredentials.Challenge(refused) };
        }
        return decision;
    }

    public void Trim(long now)
    {
        foreach (var route in routes)
        {
            route.Files?.Trim();
            route.Rate?.Trim(now);
        }
    }

    public void Dispose()
    {
        foreach (var route in routes)
            route.Files?.Dispose();
    }

    private static bool Admit(RouteAction.BasicAuth auth, PasswordList passwords, RouteRequest request, RouteDecision decision)
    {
        if (BasicCredentials.Read(request.Authorization) is not var (user, password) || !passwords.Admits(user, password))
            return false;
        decision.User = request.User = user;
        return true;
    }

    /// <summary>Carries out an action; false: no further route is run.</summary>
    private static bool GoesOn(Route route, Match? match, RouteRequest request, RouteDecision decision)
    {
        switch (route.Action)
        {
            case RouteAction.AddField field:
                decision.Change(field.Name, RouteWriter.FieldValue(field.Value, match, request));
                return true;
            case RouteAction.RemoveField field:
                decision.Change(field.Name, null);
                return true;
            case RouteAction.DoNotLog:
                decision.IsLogged = false;
                return true;
            case RouteAction.RateLimit:
                if (route.Rate!.TryTake(request.Address, request.Now, out int wait))
                    return true;
                return Answer(decision, new OwnAnswer(StatusCodes.Status429TooManyRequests) { RetryAfter = wait });
            case RouteAction.Answer answer:
                return Answer(decision, new OwnAnswer(answer.Status) { HasText = answer.HasText });
            case RouteAction.Redirect redirect:
                return Answer(decision, new OwnAnswer(redirect.Status) { Location = RouteWriter.Location(redirect.Location, route.Subject, match, request) });
            case RouteAction.SendFile file:
                decision.Verdict = RouteVerdict.File;
                decision.File = route.Files;
                decision.FileName = RouteWriter.FileName(file.Name, match, request);
                return false;
            case RouteAction.Cut:
                decision.Verdict = RouteVerdict.Cut;
                return false;
            default:
                return false;
        }
    }

    private static bool Answer(RouteDecision decision, OwnAnswer answer)
    {
        decision.Verdict = RouteVerdict.Answer;
        decision.Answer = answer;
        return false;
    }
}
