using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>What a route does with a request.</summary>
public abstract record RouteAction
{
    private RouteAction()
    {
    }

    /// <summary>`return:CODE`, `break:CODE`: an answer of that status.</summary>
    /// <param name="Status">From 200 on.</param>
    /// <param name="HasText">The body is the status's name (`return`), or there is none (`break`).</param>
    public sealed record Answer(int Status, bool HasText) : RouteAction;

    /// <summary>`break:`: the connection is cut.</summary>
    public sealed record Cut : RouteAction;

    /// <summary>`continue:`, `last:`: no further route.</summary>
    public sealed record Last : RouteAction;

    /// <summary>`redirect:URL`, `redirect-permanent:URL`.</summary>
    public sealed record Redirect(int Status, RouteText Location) : RouteAction;

    /// <summary>`addheader:NAME: VALUE`.</summary>
    public sealed record AddField(string Name, RouteText Value) : RouteAction;

    /// <summary>`delheader:NAME`.</summary>
    public sealed record RemoveField(string Name) : RouteAction;

    /// <summary>`donotlog:`: no line in the access log.</summary>
    public sealed record DoNotLog : RouteAction;

    /// <summary>`basicauth:REALM,USER:PASSWORD`, or `basicauth:REALM,FILE` of htpasswd.</summary>
    /// <param name="Realm">The protection space that the client is told.</param>
    /// <param name="Entries">Who is let in, when the line says so itself.</param>
    /// <param name="File">The file that says so; null: none.</param>
    public sealed record BasicAuth(string Realm, ImmutableArray<PasswordEntry> Entries, string? File) : RouteAction;

    /// <summary>`static:FILE`.</summary>
    /// <param name="Directory">The directory that the fixed beginning of the name leads to, ending with a slash: nothing outside it is sent.</param>
    /// <param name="Name">The name in it.</param>
    public sealed record SendFile(string Directory, RouteText Name) : RouteAction;

    /// <summary>`ratelimit:N/s,burst=M`: requests of one address.</summary>
    public sealed record RateLimit(double PerSecond, int Burst) : RouteAction;
}
