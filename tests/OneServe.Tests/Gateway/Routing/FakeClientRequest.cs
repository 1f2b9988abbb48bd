using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Http;

namespace OneServe.Tests.Gateway.Routing;

/// <summary>The head of a GET.</summary>
internal sealed class FakeClientRequest : IClientRequest
{
    public string Method => "GET";

    public required string RawTarget { get; init; }

    public required string QueryString { get; init; }

    public string Protocol => "HTTP/1.1";

    public IHeaderDictionary Headers { get; } = new HeaderDictionary();
}
