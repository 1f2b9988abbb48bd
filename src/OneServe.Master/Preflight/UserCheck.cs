using OneServe.Configuration;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master.Preflight;

/// <summary>Users and groups.</summary>
internal static class UserCheck
{
    /// <summary>Who the application would run as.</summary>
    public static Identity Run(ServerOptions options, Findings findings)
    {
        var identity = new Identity(null, null);
        findings.Try(_ => identity = Identity.Resolve(options.User, options.Group, Credentials.CurrentUser, Credentials.CurrentGroup));
        if (identity.Note is not null)
            findings.Add(DiagnosticSeverity.Notice, options.User ?? options.Group, $"{identity.Note}; the check looks with this user's eyes");
        findings.Try(_ => SocketOwner.Resolve(options.SocketOwner, identity));
        return identity;
    }
}
