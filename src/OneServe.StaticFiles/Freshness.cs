using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>What an answer says about how long it may be kept.</summary>
internal sealed class Freshness
{
    private readonly int? _seconds;
    private readonly StringValues _expires;
    private Moment _moment = new(long.MinValue, "");

    private Freshness(StringValues cacheControl, int? seconds, StringValues expires)
    {
        CacheControl = cacheControl;
        _seconds = seconds;
        _expires = expires;
    }

    public StringValues CacheControl { get; }

    /// <summary>Without Expires.</summary>
    public static Freshness Of(StringValues cacheControl) => new(cacheControl, null, default);

    /// <summary>So many seconds from the answer: max-age for every cache of today, and Expires, which is what the option promised.</summary>
    public static Freshness For(int seconds) => new($"public, max-age={seconds}", seconds, default);

    /// <summary>Until a time. No max-age: it would override Expires (RFC 9111 §5.3).</summary>
    public static Freshness Until(long seconds) => new("public", null, HttpDates.Format(seconds));

    /// <summary>The value of Expires, or nothing. Its text is made once a second.</summary>
    public StringValues Expires(TimeProvider clock)
    {
        if (_seconds is not { } seconds)
            return _expires;
        long now = clock.GetUtcNow().ToUnixTimeSeconds();
        var moment = _moment;
        if (moment.Second != now)
            _moment = moment = new Moment(now, HttpDates.Format(now + seconds));
        return moment.Text;
    }

    /// <summary>One object, so that loops which share a rule see both or neither.</summary>
    private sealed record Moment(long Second, string Text);
}
