using Microsoft.AspNetCore.Http;
using OneServe.Application;

namespace OneServe.Gateway.Http;

/// <summary>What a client is told when the application gave no answer (RFC 9110, section 15.6).</summary>
internal static class FailureStatus
{
    public static int Of(ApplicationFailure failure) => failure switch
    {
        ApplicationFailure.QueueFull or ApplicationFailure.WaitedTooLong or ApplicationFailure.NoWorkers => StatusCodes.Status503ServiceUnavailable,
        ApplicationFailure.RanTooLong => StatusCodes.Status504GatewayTimeout,
        ApplicationFailure.TooLarge => StatusCodes.Status431RequestHeaderFieldsTooLarge,
        _ => StatusCodes.Status502BadGateway,
    };
}
