using OneServe.Gateway.Http;

namespace OneServe.Gateway.Routing;

/// <summary>What is decided about a request before files and application are looked at: the listener's purpose, then the routes.</summary>
internal sealed class RequestGate(RouteTable? routes, IReadOnlySet<int> redirecting, Func<long> now)
{
    /// <summary>Null when there is nothing to decide, so that other sites pay for nothing.</summary>
    public static RequestGate? Of(RouteTable? routes, IReadOnlySet<int> redirecting, Func<long> now)
        => routes is null && redirecting.Count == 0 ? null : new RequestGate(routes, redirecting, now);

    /// <summary>Answers the request here, or notes in it what has been decided.</summary>
    public bool TryAnswer(RequestContext context, out Task answered)
    {
        answered = Task.CompletedTask;
        if (redirecting.Contains(context.Connection.ListenerId))
        {
            answered = HttpsRedirect.Send(context);
            return true;
        }
        if (routes?.Decide(new RouteRequest(context.Request, context.Path, context.Variables.Address, now())) is not { } decision)
            return false;
        context.Routed = decision;
        switch (decision.Verdict)
        {
            case RouteVerdict.Answer:
                answered = decision.Answer.Send(context);
                return true;
            case RouteVerdict.File:
                answered = decision.File!.Send(context, decision.FileName);
                return true;
            case RouteVerdict.Cut:
                context.Cut();
                return true;
            default:
                return false;
        }
    }
}
