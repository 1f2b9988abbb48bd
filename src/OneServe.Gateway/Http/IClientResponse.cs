using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace OneServe.Gateway.Http;

/// <summary>An answer: its head, which can be changed until it has started, and where its body goes.</summary>
internal interface IClientResponse
{
    int StatusCode { get; set; }

    /// <summary>Null: the usual one.</summary>
    string? ReasonPhrase { get; set; }

    IHeaderDictionary Headers { get; }

    /// <summary>The head is with the transport.</summary>
    bool HasStarted { get; }

    /// <summary>Takes the body; the head leaves before its first byte.</summary>
    PipeWriter Writer { get; }

    /// <summary>Hands the head to the transport, without flushing it.</summary>
    Task StartAsync();
}
