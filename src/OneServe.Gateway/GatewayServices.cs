using OneServe.Application;
using OneServe.Gateway.Http;
using OneServe.Gateway.Logging;
using OneServe.Gateway.Routing;
using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>What the requests of one loop share. Loop thread only.</summary>
internal sealed class GatewayServices
{
    /// <summary>Bytes of request bodies in memory; the blocks that hold them may take twice as much.</summary>
    private const long MaximumBodyMemory = 32 << 20;

    private readonly HashSet<int> _redirecting = [];
    private long _second = -1;
    private DateTime _localTime;

    /// <summary>The loop.</summary>
    public required EventLoop Loop { get; init; }

    public required IRequestDispatch Dispatcher { get; init; }

    public required AccessLog? AccessLog { get; init; }

    /// <summary>What all loops have answered.</summary>
    public required RequestCounts Counts { get; init; }

    /// <summary>The memory of processes, for the log.</summary>
    public required ProcessMemoryCache Memory { get; init; }

    /// <summary>What is served now.</summary>
    public Site Site { get; private set; } = Site.Empty;

    /// <summary>What is decided before files and application; null: nothing.</summary>
    public RequestGate? Gate { get; private set; }

    public required BodyClock BodyClock { get; init; }

    public required SpaceReport NoSpace { get; init; }

    public ResponseHead Heads { get; } = new();

    public BodyMemory BodyMemory { get; } = new(MaximumBodyMemory);

    /// <summary>Every answer asks its client to connect anew: this gateway is on its way out.</summary>
    public bool Draining { get; set; }

    /// <summary>Every answer ends its connection.</summary>
    public bool ClosesConnections => Draining || Site.Options.Clients.KeepAlive == TimeSpan.Zero;

    /// <summary>Puts another generation's configuration in force, at one stroke: the next request head is read under it.</summary>
    public void Serve(Site site)
    {
        Site = site;
        Gate = RequestGate.Of(site.Routes, _redirecting, Now);
        BodyClock.Silence = site.Options.Clients.Silence;
        BodyClock.MinimumRate = site.Options.Clients.MinimumBodyRate;
    }

    /// <summary>A listener does nothing but redirect to https. Its number is never used again: the connections that came through it may outlive it.</summary>
    public void Redirect(int listener)
    {
        _redirecting.Add(listener);
        Gate = RequestGate.Of(Site.Routes, _redirecting, Now);
    }

    /// <summary>The loop's time, ms.</summary>
    public long Now() => Loop.Now;

    /// <summary>Requests on this loop that have come and have not been answered. Other threads may read it.</summary>
    public int OpenRequests { get; set; }

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
