using Microsoft.AspNetCore.Http;

namespace OneServe.Gateway.Logging;

/// <summary>What a `log-format` may tell of a request beyond the default line. Asked on the loop's thread, when the request has ended.</summary>
public interface ILoggedRequest
{
    /// <summary>The fields of its head.</summary>
    IHeaderDictionary Fields { get; }

    /// <summary>The decoded path.</summary>
    string Path { get; }

    /// <summary>With its question mark; empty: none.</summary>
    string Query { get; }

    /// <summary>`http` or `https`.</summary>
    string Scheme { get; }

    /// <summary>The client's port; empty where it is not known.</summary>
    string RemotePort { get; }

    /// <summary>The port that it has asked.</summary>
    string ServerPort { get; }

    /// <summary>The worker's number; 0: none has answered.</summary>
    int Worker { get; }

    /// <summary>Its thread, from 0.</summary>
    int Thread { get; }

    /// <summary>Content-Length of the request; 0: none.</summary>
    long ContentLength { get; }

    /// <summary>The client left before it had sent its body.</summary>
    bool ReadFailed { get; }

    /// <summary>The client left before it had its answer.</summary>
    bool WriteFailed { get; }

    /// <summary>What the application has set for this request's line, by name (uWSGI's `set_logvar`); null: nothing.</summary>
    IReadOnlyDictionary<string, string>? Variables { get; }
}
