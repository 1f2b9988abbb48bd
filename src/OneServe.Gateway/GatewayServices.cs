using OneServe.Application;
using OneServe.Gateway.Http;
using OneServe.Gateway.Logging;

namespace OneServe.Gateway;

/// <summary>What the requests of one loop share. Loop thread only.</summary>
internal sealed class GatewayServices
{
    private long _second = -1;
    private DateTime _localTime;

    public required Dispatcher Dispatcher { get; init; }

    public required AccessLog? AccessLog { get; init; }

    public required Func<long> Now { get; init; }

    /// <summary>What is served now; replaced at one stroke when a generation is activated.</summary>
    public Site Site { get; set; } = Site.Empty;

    public ResponseHead Heads { get; } = new();

    /// <summary>Every answer asks its client to connect anew: this gateway is on its way out.</summary>
    public bool Draining { get; set; }

    /// <summary>Requests answered.</summary>
    public long Requests { get; set; }

    /// <summary>Those among them that no worker has answered.</summary>
    public long OwnRequests { get; set; }

    /// <summary>The local time, to the second: time zones are dear.</summary>
    public DateTime LocalTime
    {
        get
        {
            long second = Now() / 1000;
            if (second != _second)
            {
                _second = second;
                _localTime = DateTime.Now;
            }
            return _localTime;
        }
    }
}
