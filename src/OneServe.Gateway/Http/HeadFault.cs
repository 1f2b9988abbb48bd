namespace OneServe.Gateway.Http;

/// <summary>Why a request is refused by its head alone. The status of each is in <see cref="HeadFaults"/>; docs/http.md has the table for people.</summary>
public enum HeadFault
{
    None,

    /// <summary>Bytes that begin no request line.</summary>
    NotHttp,

    /// <summary>The beginning of a packet of the uwsgi protocol.</summary>
    UwsgiPacket,

    /// <summary>LF without CR, or CR without LF.</summary>
    BareLineEnd,

    /// <summary>A method, or a target, or the spaces between them, that the grammar does not know.</summary>
    RequestLine,

    /// <summary>A target of a form that its method does not have.</summary>
    TargetForm,

    /// <summary>`https` over a connection without TLS.</summary>
    ForeignScheme,

    /// <summary>CONNECT.</summary>
    Connect,

    /// <summary>A version other than HTTP/1.0 and HTTP/1.1.</summary>
    Version,

    /// <summary>A field without a name, with a name that is no token, or a continuation line.</summary>
    FieldName,

    /// <summary>A control character in a value.</summary>
    FieldValue,

    /// <summary>No Host, or more than one.</summary>
    Host,

    /// <summary>A Content-Length that is no number, or more than one.</summary>
    ContentLength,

    /// <summary>Transfer-Encoding that does not end with one `chunked`, beside Content-Length, or in HTTP/1.0.</summary>
    TransferEncoding,

    /// <summary>A coding other than `chunked`.</summary>
    UnknownCoding,

    /// <summary>HTTP/1.0 with a body whose end is not told.</summary>
    LengthRequired,

    /// <summary>An expectation other than 100-continue.</summary>
    Expectation,

    /// <summary>The request line alone is longer than a head may be.</summary>
    TargetTooLong,

    /// <summary>The head is longer than it may be, or has too many fields.</summary>
    HeadTooLarge,

    /// <summary>The head did not arrive in time.</summary>
    Slow,
}
