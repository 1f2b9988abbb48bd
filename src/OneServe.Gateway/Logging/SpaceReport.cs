using OneServe.Posix;
using Serilog;

namespace OneServe.Gateway.Logging;

/// <summary>Tells of request bodies that found no room outside memory.</summary>
internal sealed class SpaceReport(ILogger events, Func<long> now)
{
    private readonly ReportInterval _interval = new(now);

    public void Add(SystemCallException error)
    {
        if (_interval.Count(out long count))
        {
            events.Error(
                "{Count} requests answered 500: their bodies find no room in {Directory} (TMPDIR). {Reason}", count, TemporaryFile.Directory, error.Message);
        }
    }
}
