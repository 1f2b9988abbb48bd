namespace OneServe.Gateway.Uwsgi;

/// <summary>Why a packet is refused. What each is answered stands in <see cref="UwsgiFaults"/>; docs/uwsgi-protocol.md has the table for people.</summary>
public enum UwsgiFault
{
    None,

    /// <summary>A request line of HTTP.</summary>
    Http,

    /// <summary>The beginning of a TLS connection.</summary>
    Tls,

    /// <summary>The question whether somebody is there (modifier 100).</summary>
    Ping,

    /// <summary>A packet for something else than a Python application.</summary>
    Modifier,

    /// <summary>More bytes than `buffer-size`, or more variables than anybody sends.</summary>
    TooLarge,

    /// <summary>A packet without variables.</summary>
    Empty,

    /// <summary>A key or a value reaches beyond the packet's end.</summary>
    Bounds,

    /// <summary>A variable without a name.</summary>
    EmptyKey,

    /// <summary>NUL in a name or in the path.</summary>
    Nul,

    /// <summary>No REQUEST_METHOD, or one that is no token.</summary>
    Method,

    /// <summary>CONTENT_LENGTH is no number.</summary>
    ContentLength,

    /// <summary>The packet did not arrive in time.</summary>
    Slow,
}
