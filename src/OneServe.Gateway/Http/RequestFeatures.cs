using Microsoft.AspNetCore.Http.Features;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>What a protocol's server hands over of a request: its parts in the forms that ASP.NET Core has for them, and the connection below.</summary>
internal sealed class RequestFeatures
{
    public required ClientConnection Connection { get; init; }

    public required IHttpRequestFeature Request { get; init; }

    public required IHttpResponseFeature Response { get; init; }

    public required IHttpResponseBodyFeature Output { get; init; }

    /// <summary>The request's body.</summary>
    public required IRequestBodyPipeFeature Input { get; init; }

    public required IHttpRequestBodyDetectionFeature Detection { get; init; }

    public required IHttpRequestLifetimeFeature Lifetime { get; init; }

    /// <summary>Who asks, and for what, as the application hears of it.</summary>
    public required IMetaVariables Variables { get; init; }

    /// <summary>Those of Kestrel's.</summary>
    public static RequestFeatures Of(IFeatureCollection features)
    {
        var connection = features.GetRequiredFeature<ClientConnection>();
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        return new RequestFeatures
        {
            Connection = connection,
            Request = request,
            Response = features.GetRequiredFeature<IHttpResponseFeature>(),
            Output = features.GetRequiredFeature<IHttpResponseBodyFeature>(),
            Input = features.GetRequiredFeature<IRequestBodyPipeFeature>(),
            Detection = features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>(),
            Lifetime = features.GetRequiredFeature<IHttpRequestLifetimeFeature>(),
            Variables = new HttpVariables(request, connection),
        };
    }
}
