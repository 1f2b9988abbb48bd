using System.IO.Pipelines;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>A request and its answer as a protocol's server hands them over.</summary>
internal interface IClientExchange
{
    ClientConnection Connection { get; }

    /// <summary>Who asks, and for what, as the application hears of it.</summary>
    IMetaVariables Variables { get; }

    IClientRequest Request { get; }

    IClientResponse Response { get; }

    /// <summary>False: nothing of the request is left to be read.</summary>
    bool CanHaveBody { get; }

    /// <summary>The request's body, its framing taken off.</summary>
    PipeReader Body { get; }

    /// <summary>Ends the connection at once, without an answer or within it.</summary>
    void Abort();
}
