using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OneServe.Gateway.Http;
using OneServe.StaticFiles;

namespace OneServe.Gateway.Routing;

/// <summary>An answer that the gateway makes itself: an error, a redirect, what a route returns.</summary>
internal readonly record struct OwnAnswer(int Status)
{
    private const string PageType = "text/html; charset=utf-8";

    public string? Location { get; init; }

    /// <summary>WWW-Authenticate.</summary>
    public string? Challenge { get; init; }

    public string? Allow { get; init; }

    /// <summary>Seconds; 0: not said.</summary>
    public long RetryAfter { get; init; }

    /// <summary>The connection ends with it.</summary>
    public bool Closes { get; init; }

    /// <summary>Without a page the body is the status's name.</summary>
    public bool HasText { get; init; }

    /// <summary>What is said where a file alone could be the answer, and there is none or it cannot be opened now.</summary>
    public static OwnAnswer WithoutFile(StaticOutcome outcome) => outcome == StaticOutcome.Unavailable
        ? new OwnAnswer(StatusCodes.Status503ServiceUnavailable) { RetryAfter = 1 }
        : new OwnAnswer(StatusCodes.Status404NotFound);

    /// <summary>Replaces whatever has been set so far. Completes when the answer is with the transport; it never fails.</summary>
    public Task Send(RequestContext context)
    {
        var response = context.Response;
        var fields = response.Headers;
        fields.Clear();
        response.StatusCode = Status;
        response.ReasonPhrase = null;
        var body = BodyOf(context, out string? type);
        // RFC 9110, 8.6: neither of these has a length.
        fields.ContentLength = Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified ? null : body.Length;
        SetFields(fields, type);
        if (Closes || context.ClosesConnection)
            fields.Connection = "close";
        context.AddFields(replaces: true);
        if (body.IsEmpty || context.Request.Method == "HEAD")
            return Task.CompletedTask;
        context.ResponseSize = body.Length;
        return context.Write(body);
    }

    private void SetFields(IHeaderDictionary fields, string? type)
    {
        if (type is not null)
            fields.ContentType = type;
        if (Location is not null)
            fields.Location = Location;
        if (Challenge is not null)
            fields.WWWAuthenticate = Challenge;
        if (Allow is not null)
            fields.Allow = Allow;
        if (RetryAfter > 0)
            fields.RetryAfter = RetryAfter.ToString(CultureInfo.InvariantCulture);
    }

    private ReadOnlyMemory<byte> BodyOf(RequestContext context, out string? type)
    {
        type = PageType;
        if (context.Site.ErrorPages?.Of(Status) is { IsEmpty: false } page)
            return page;
        string text = HasText && Status is not (204 or 205 or 304) ? ReasonPhrases.GetReasonPhrase(Status) : "";
        type = text.Length > 0 ? "text/plain" : null;
        return Encoding.ASCII.GetBytes(text);
    }
}
