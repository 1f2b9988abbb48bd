namespace OneServe.Gateway.Http.Proxies;

/// <summary>For whom a trusted proxy asks; what it does not say is null.</summary>
internal sealed record ForwardedClient
{
    /// <summary>Without port.</summary>
    public string? Address { get; init; }

    public string? Port { get; init; }

    /// <summary>`http` or `https`.</summary>
    public string? Scheme { get; init; }

    /// <summary>What the client put into Host.</summary>
    public string? Host { get; init; }

    /// <summary>The port that the client has connected to.</summary>
    public string? ServerPort { get; init; }
}
