namespace OneServe.StaticFiles;

/// <summary>The content codings (RFC 9110 §8.4.1) of precompressed siblings, the preferred one first when a client likes several equally.</summary>
public enum ContentCoding
{
    Brotli,
    Zstandard,
    Gzip,
    Identity,
}
