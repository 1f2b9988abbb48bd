using Microsoft.AspNetCore.Http;

namespace OneServe.Gateway.Http;

/// <summary>The head of a request.</summary>
internal interface IClientRequest
{
    string Method { get; }

    /// <summary>As the client has sent it.</summary>
    string RawTarget { get; }

    /// <summary>With its question mark; empty without one.</summary>
    string QueryString { get; }

    /// <summary>`HTTP/1.1` and the like.</summary>
    string Protocol { get; }

    IHeaderDictionary Headers { get; }
}
