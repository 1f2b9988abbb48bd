namespace OneServe.Configuration;

/// <summary>Makes <see cref="WorkerLimits"/> of the settings about recycling and harakiri.</summary>
/// <param name="last">The setting that counts, by name.</param>
/// <param name="number">Reads a number within bounds, or says what is wrong.</param>
internal sealed class WorkerLimitBinder(Func<string, Setting?> last, Func<Setting?, long, long> number)
{
    private const long Megabyte = 1 << 20;
    private const long MaxSeconds = 10L * 365 * 24 * 60 * 60;
    private const long MaxMegabytes = 1L << 40;
    private const long MaxSignal = 64;

    public WorkerLimits Bind(bool retries)
    {
        var defaults = new WorkerLimits();
        return new WorkerLimits
        {
            Requests = Number("max-requests", long.MaxValue / 1_000_000) ?? 0,
            RequestsDelta = Number("max-requests-delta", int.MaxValue),
            LeastLifetime = Seconds("min-worker-lifetime") ?? defaults.LeastLifetime,
            Lifetime = Seconds("max-worker-lifetime") ?? TimeSpan.Zero,
            LifetimeDelta = Seconds("max-worker-lifetime-delta") ?? TimeSpan.Zero,
            Resident = Megabytes("reload-on-rss"),
            AddressSpace = Megabytes("reload-on-as"),
            ResidentToKill = Megabytes("evil-reload-on-rss"),
            AddressSpaceToKill = Megabytes("evil-reload-on-as"),
            Mercy = Seconds("worker-reload-mercy") ?? defaults.Mercy,
            RequestTime = Seconds("harakiri") ?? TimeSpan.Zero,
            GracefulTime = Seconds("harakiri-graceful-timeout") ?? TimeSpan.Zero,
            GracefulSignal = (int)(Number("harakiri-graceful-signal", MaxSignal) ?? defaults.GracefulSignal),
            RetriesRequests = retries,
        };
    }

    private long? Number(string name, long most) => last(name) is { } setting ? number(setting, most) : null;

    private TimeSpan? Seconds(string name) => Number(name, MaxSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private long Megabytes(string name) => (Number(name, MaxMegabytes) ?? 0) * Megabyte;
}
