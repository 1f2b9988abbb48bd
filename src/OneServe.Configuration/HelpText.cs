using System.Text;

namespace OneServe.Configuration;

/// <summary>The text of `--help`, made from the option table.</summary>
public static class HelpText
{
    private const int TextColumn = 38;

    /// <summary>For a start without anything to do: how to call it, and where to read on.</summary>
    public const string Usage = UsageLine + "`oneserve --help` lists the commands and the options.\n";

    private const string UsageLine = "Usage: oneserve [site.ini | site.ini:section | --option value | --option=value]...\n";

    private const string Commands = "       oneserve check|config site.ini              what is wrong with it; what is in force (nothing is started)\n"
        + "       oneserve reload|stop|pause|resume PIDFILE   tell a running server, wait, and say whether it has worked\n";

    private const string CheckOptions = """
        oneserve check site.ini
            --json      the findings as JSON
            --load      import the application with its Python, for at most a minute
            --django    run `manage.py check --deploy` with that Python
          Exit code 1 when there is an error. Nothing is started, no command of the file is run.
        oneserve config site.ini
          Each value in force, and where it was written; what looks secret is masked.
        oneserve --help OPTION
        oneserve --help TOPIC
          What one option does here, or all of a topic: listeners, static files, absent ...

        """;

    public static string Create()
    {
        var text = new StringBuilder(UsageLine + Commands);
        text.AppendLine().Append(CheckOptions).AppendLine();
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
        text.Append("The file may also use $(VARIABLE), ${VARIABLE:-default}, @(file), @(exec://command), %(name), ");
        text.AppendLine("%d and its kin, if-env, if-file, for, for-glob.");
        return text.ToString();
    }

    /// <summary>`--help SUBJECT`: an option by any of its names, or a topic.</summary>
    /// <returns>Null when there is neither; then <see cref="OptionSuggestion"/> has the last word.</returns>
    public static string? About(string subject)
    {
        string name = subject.TrimStart('-');
        OptionDefinition? option = OptionTable.Find(name) ?? (name.Length == 1 ? OptionTable.Find(name[0]) : null);
        if (option is not null)
        {
            return About(option, name);
        }

        string topic = name.Replace('-', ' ').Replace('_', ' ');
        IGrouping<OptionSection, OptionDefinition>? section = OptionTable.All.GroupBy(row => row.Section)
            .FirstOrDefault(group => Title(group.Key).StartsWith(topic, StringComparison.OrdinalIgnoreCase) && topic.Length >= 3);
        return section is null ? null : Topic(section);
    }

    /// <summary>For a subject that there is no help about.</summary>
    public static string Unknown(string subject) =>
        $"there is no option and no topic `{subject}`"
        + (OptionSuggestion.For(subject.TrimStart('-')) is { } meant ? $"; did you mean `{meant}`?\n" : "; `oneserve --help` lists them\n");

    /// <summary>The heading of a group.</summary>
    public static string Title(OptionSection section) => section switch
    {
        OptionSection.StaticFiles => "Static files",
        OptionSection.Absent => "Absent parts of uWSGI",
        _ => section.ToString(),
    };

    private static string About(OptionDefinition option, string name)
    {
        var text = new StringBuilder();
        AppendOption(text, option);
        if (name != option.Name)
        {
            text.AppendLine($"  {name} is another name of {option.Name}.");
        }

        text.AppendLine($"  {OptionDescription.Verdict(option)}");
        text.AppendLine($"  In a file: {option.Name}{(option.Kind == OptionKind.Flag ? " = true" : option.Placeholder.Length > 0 ? $" = {option.Placeholder}" : " = …")}");
        text.AppendLine($"  {(option.Repeatable ? "May be given several times; each adds a value." : "Given several times, the last one wins.")}");
        if (option.Kind is OptionKind.FilePath or OptionKind.Map)
        {
            bool start = option.Origin == PathOrigin.StartDirectory;
            text.AppendLine($"  A relative path begins {(start ? "where the server is started" : "at chdir")}.");
        }

        return text.ToString();
    }

    private static string Topic(IGrouping<OptionSection, OptionDefinition> section)
    {
        var text = new StringBuilder($"{Title(section.Key)}:\n");
        IEnumerable<OptionDefinition> rows = section.Where(option => !IsForFilesOnly(option));
        foreach (IGrouping<OptionSupport, OptionDefinition> group in rows.GroupBy(option => option.Support).OrderBy(group => group.Key))
        {
            text.AppendLine(group.Key == OptionSupport.Works ? "" : $"\n{OptionDescription.Word(group.Key)}:");
            foreach (OptionDefinition option in group)
            {
                AppendOption(text, option);
            }
        }

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
}
