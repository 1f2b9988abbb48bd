namespace OneServe.Configuration;

/// <summary>Makes <see cref="DevelopmentOptions"/> of the settings for those who work on the application.</summary>
/// <param name="byName">All settings.</param>
/// <param name="diagnostics">Told of what must not go into production.</param>
/// <param name="number">Reads a number within bounds, or says what is wrong.</param>
internal sealed class DevelopmentBinder(ILookup<string, Setting> byName, DiagnosticList diagnostics, Func<Setting, int, int> number)
{
    private const int MaxPeriod = 24 * 60 * 60;

    public DevelopmentOptions Bind()
    {
        int period = Period(byName["py-autoreload"].LastOrDefault());
        return new DevelopmentOptions
        {
            ReloadsCode = period > 0,
            Period = TimeSpan.FromSeconds(Math.Max(1, period)),
            IgnoredModules = [.. byName["py-auto-reload-ignore"]],
            Files = [.. byName["fs-reload"], .. byName["fs-brutal-reload"]],
            ShowsExceptions = ShowsExceptions(byName["catch-exceptions"].LastOrDefault()),
        };
    }

    /// <summary>Seconds, or a flag; 0: not asked for.</summary>
    private int Period(Setting? setting)
    {
        if (setting is null)
            return 0;
        if (OptionValue.ParseInteger(setting.Value) is null && OptionValue.IsPlainBoolean(setting.Value))
            return OptionValue.ParseBoolean(setting.Value).Value ? 1 : 0;
        return number(setting, MaxPeriod);
    }

    private bool ShowsExceptions(Setting? setting)
    {
        if (setting is null || setting.Value == "false")
            return false;
        const string Message = "`catch-exceptions` shows every client the Python stack of an error, with lines of the source: it is for development alone";
        diagnostics.Warning(Message, setting.Source, "remove it in production; the log has the stack anyway");
        return true;
    }
}
