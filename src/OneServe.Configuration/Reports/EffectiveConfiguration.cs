using System.Text;

namespace OneServe.Configuration;

/// <summary>The text of `oneserve config` and of `show-config`: a file that means the same, with the place of each value behind it.</summary>
public static class EffectiveConfiguration
{
    private const int PlaceColumn = 44;

    /// <summary>Every setting in force in its order. What looks secret is masked.</summary>
    public static string Describe(ServerOptions options)
    {
        var text = new StringBuilder("[uwsgi]\n");
        foreach (Setting setting in options.Settings)
        {
            // Text of a file or a command may have several lines, and a file in this language has no way to say that.
            string value = Secrecy.Show(setting.Name, setting.Value).Replace("\n", "\\n", StringComparison.Ordinal);
            string line = value.Length == 0 ? setting.Name : $"{setting.Name} = {value}";
            text.Append(line.PadRight(PlaceColumn)).Append("  ; ").Append(setting.Source).Append(Remark(setting)).Append('\n');
        }

        return text.ToString();
    }

    private static string Remark(Setting setting) => (setting.IsDeferred ? ", known at a start only" : "") + Effect(setting);

    private static string Effect(Setting setting) => OptionTable.Find(setting.Name)?.Support switch
    {
        OptionSupport.NotYet => ", without effect so far",
        OptionSupport.NotNeeded => ", not needed",
        OptionSupport.AlwaysSo => ", always so",
        _ => "",
    };
}
