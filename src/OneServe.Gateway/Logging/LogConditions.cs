using OneServe.Configuration;

namespace OneServe.Gateway.Logging;

/// <summary>`log-4xx`, `log-slow` and their kin: the requests that have a line although `disable-logging` is set.</summary>
internal static class LogConditions
{
    public static bool AskFor(in AccessLogEntry entry, AccessLogOptions options)
        => (options.ClientErrors && entry.Status is >= 400 and <= 499)
            || (options.ServerErrors && entry.Status is >= 500 and <= 599)
            || (options.Slow > 0 && entry.Duration.TotalMilliseconds >= options.Slow)
            || (options.Big > 0 && entry.ResponseSize >= options.Big)
            || (options.Empty && entry.ResponseSize == 0)
            || (options.Files && entry.Via.Length > 0)
            || (options.Broken && entry.HasClientLeft);
}
