namespace OneServe.Configuration;

/// <summary>`log-route` or `log-req-route`: lines that match go to the logger of that name, and nowhere else.</summary>
/// <param name="Logger">Its id.</param>
/// <param name="Pattern">A regular expression.</param>
/// <param name="Setting">As written.</param>
public sealed record LogRouteOptions(string Logger, string Pattern, Setting Setting);
