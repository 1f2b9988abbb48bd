using System.Globalization;
using OneServe.Configuration;

namespace OneServe.Master.Start;

/// <summary>How many connections may wait to be accepted.</summary>
/// <param name="Length">For listen(2).</param>
/// <param name="Note">That it is less than asked for; null when it is not.</param>
internal sealed record Backlog(int Length, string? Note)
{
    private const string LimitFile = "/proc/sys/net/core/somaxconn";

    /// <summary>The kernel would shorten it without a word.</summary>
    public static Backlog Of(ServerOptions options) => Of(options, Limit());

    internal static Backlog Of(ServerOptions options, int limit)
    {
        if (options.Backlog <= limit)
            return new Backlog(options.Backlog, null);
        var setting = options.Settings.LastOrDefault(static setting => setting.Name == "listen");
        string what = setting is null ? $"listen = {options.Backlog} (the default)" : $"{setting.Source}: {setting}";
        return new Backlog(limit, $"{what}: the kernel lets {limit} connections wait. To let more wait: `sysctl net.core.somaxconn={options.Backlog}`");
    }

    private static int Limit()
    {
        try
        {
            return int.TryParse(File.ReadAllText(LimitFile), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int limit) ? limit : int.MaxValue;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }
}
