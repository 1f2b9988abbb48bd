using System.Globalization;
using System.Text;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>docs/options.md, made from the option table.</summary>
internal static class OptionDocument
{
    private const string Head = """
        # Every option

        Made from the table of options in `src/OneServe.Configuration/Options`; a test compares the two. What each option does here:

        * **works**: a test of the running server shows its effect;
        * **always so**: its effect is always there and cannot be switched off;
        * **not needed**: it cures or tunes something that does not exist here; it is accepted;
        * **not yet**: it is accepted without effect; where something gets lost by that, the start warns of it and names the other way;
        * **refused**: an error, with the other way: to go on without it would not be what was asked.

        `oneserve --help OPTION` tells the same on the machine. An option is written as `option = value` in the file, as `--option value` on the command
        line, as `ONESERVE_OPTION` (or `UWSGI_OPTION`) in the environment. Options marked with * may be given several times.

        """;

    public static string Create()
    {
        var text = new StringBuilder(Head);
        text.AppendLine();
        IEnumerable<string> counts = OptionTable.All.GroupBy(option => option.Support).OrderBy(group => group.Key)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {OptionDescription.Word(group.Key)}"));
        text.AppendLine(CultureInfo.InvariantCulture, $"{OptionTable.Names.Count()} names: {string.Join(", ", counts)}; the rest are other names of these.");
        foreach (IGrouping<OptionSection, OptionDefinition> section in OptionTable.All.GroupBy(option => option.Section))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {HelpText.Title(section.Key)}").AppendLine();
            text.AppendLine("| option | here | |").AppendLine("|---|---|---|");
            IEnumerable<IGrouping<string, OptionDefinition>> rows = section
                .GroupBy(option => section.Key == OptionSection.Absent ? $"{option.Support} {option.Summary} {option.Advice}" : option.Name);
            foreach (OptionDefinition[] row in rows.Select(group => group.ToArray()))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(", ", row.Select(Names))} | {OptionDescription.Word(row[0].Support)} | {Text(row[0])} |");
            }
        }

        return text.ToString();
    }

    private static string Names(OptionDefinition option)
    {
        string letter = option.Short == '\0' ? "" : $", `-{option.Short}`";
        string value = option.Placeholder.Length == 0 ? "" : $" {option.Placeholder}";
        string aliases = string.Concat(option.Aliases.Select(alias => $", `{alias}`"));
        bool isMarked = option.Repeatable && option.Support == OptionSupport.Works;
        return $"`{option.Name}{value}`{aliases}{letter}{(isMarked ? " *" : "")}".Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Text(OptionDefinition option)
    {
        string text = option.Advice is null ? option.Summary : $"{option.Summary}; instead: {option.Advice}";
        return text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
    }
}
