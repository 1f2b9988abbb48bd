using Microsoft.AspNetCore.Http;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>What a client is told when its request's body cannot be read.</summary>
internal static class BodyFault
{
    /// <summary>0: nothing, it has left.</summary>
    public static int StatusOf(Exception error, ClientConnection connection) => error switch
    {
        // No room for the temporary file: RFC 9110, 15.6.1.
        SystemCallException => StatusCodes.Status500InternalServerError,
        _ when connection.IsBroken => 0,
        TimeoutException => StatusCodes.Status408RequestTimeout,
        BadHttpRequestException refusal => refusal.StatusCode,
        // A chunk of more than 31 bits, a trailer with NUL: Kestrel fails where it should refuse.
        _ => StatusCodes.Status400BadRequest,
    };
}
