using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Settings whose value only a start knows: nothing is concluded from them, and nothing from their absence.</summary>
internal static class DeferredSettings
{
    /// <summary>What can be bound. The limits of scaling are compared with `processes`, and with each other.</summary>
    public static ImmutableArray<Setting> Without(ImmutableArray<Setting> settings)
    {
        if (!settings.Any(setting => setting.IsDeferred))
        {
            return settings;
        }

        bool mayScale = settings.Any(setting => setting.IsDeferred && (setting.Name == "processes" || IsOfScaling(setting)));
        return [.. settings.Where(setting => !setting.IsDeferred && !(mayScale && IsOfScaling(setting)))];
    }

    /// <summary>May one of them be an address to listen on?</summary>
    public static bool MayListen(ImmutableArray<Setting> settings) =>
        settings.Any(setting => setting.IsDeferred && OptionTable.Find(setting.Name)?.Kind == OptionKind.Address);

    /// <summary>May one of them name the application, or say that there is none?</summary>
    public static bool MayNameApplication(ImmutableArray<Setting> settings) =>
        settings.Any(setting => setting.IsDeferred && setting.Name is "module" or "wsgi-file" or "mount" or "need-app");

    private static bool IsOfScaling(Setting setting) =>
        setting.Name is "idle" or "die-on-idle" || setting.Name.StartsWith("cheap", StringComparison.Ordinal);
}
