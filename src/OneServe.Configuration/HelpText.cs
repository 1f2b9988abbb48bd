using System.Text;

namespace OneServe.Configuration;

/// <summary>The text of `--help`, made from the option table.</summary>
public static class HelpText
{
    private const int TextColumn = 38;

    /// <summary>For a start without anything to do: how to call it, and where to read on.</summary>
    public const string Usage = UsageLine + "`oneserve --help` lists the options.\n";

    private const string UsageLine = "Usage: oneserve [site.ini | site.ini:section | --option value | --option=value]...\n"
        + "       oneserve reload|stop|pause|resume PIDFILE   tell a running server, wait, and say whether it has worked\n";

    public static string Create()
    {
        var text = new StringBuilder(UsageLine);
        text.AppendLine();
        text.AppendLine("Every option below is also a line `option = value` in section [uwsgi] of the file.");
        text.AppendLine("Where an option may be given once, the last one wins.");
        foreach (IGrouping<OptionSection, OptionDefinition> section in OptionTable.All.GroupBy(option => option.Section))
        {
            OptionDefinition[] working = [.. section.Where(option => option.Support == OptionSupport.Works && !IsForFilesOnly(option))];
            if (working.Length > 0)
            {
                text.AppendLine();
                text.AppendLine($"{Title(section.Key)}:");
                Array.ForEach(working, option => AppendOption(text, option));
            }
        }

        int others = OptionTable.All.Count(option => option.Support is not OptionSupport.Works and not OptionSupport.Refused);
        text.AppendLine();
        text.AppendLine($"{others} more options of uWSGI are accepted; the start tells which of them have no effect.");
        text.AppendLine("The file may also use $(VARIABLE), @(file), %(name), %d and its kin, if-env, if-file, for, for-glob.");
        return text.ToString();
    }

    /// <summary>Conditions and loops work on the command line too, but nobody looks for them there.</summary>
    private static bool IsForFilesOnly(OptionDefinition option) => OptionTable.IsBlockOpener(option.Name) || LogicBlock.IsEnd(option.Name);

    private static void AppendOption(StringBuilder text, OptionDefinition option)
    {
        string letter = option.Short == '\0' ? "    " : $"-{option.Short}, ";
        string left = $"  {letter}--{option.Name} {option.Placeholder}".TrimEnd();
        string aliases = option.Aliases.IsEmpty ? "" : $" (also {string.Join(", ", option.Aliases)})";
        text.Append(left.Length < TextColumn ? left.PadRight(TextColumn) : left + "  ");
        text.Append(option.Summary).AppendLine(aliases);
    }

    private static string Title(OptionSection section) => section switch
    {
        OptionSection.StaticFiles => "Static files",
        _ => section.ToString(),
    };
}
