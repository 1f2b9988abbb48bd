using Microsoft.AspNetCore.Http;

namespace OneServe.Gateway.Http;

/// <summary>How a request says where its body ends.</summary>
internal static class RequestFraming
{
    /// <summary>
    /// Transfer-Encoding beside Content-Length is how requests are smuggled past a proxy that believes the other of the two (RFC 9112, 6.3).
    /// Kestrel goes by the chunks and moves the length to X-Content-Length.
    /// </summary>
    public static bool IsAmbiguous(IHeaderDictionary fields)
        => fields.TransferEncoding.Count > 0 && (fields.ContentLength is not null || fields.ContainsKey("X-Content-Length"));
}
