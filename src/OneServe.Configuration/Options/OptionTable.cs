using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>
/// Every option of the dialect that this server knows by name, and what it does with it. The rows are data, in one file a topic; nothing else
/// in the project lists options.
/// </summary>
public static partial class OptionTable
{
    private static readonly Dictionary<string, OptionDefinition> ByName;
    private static readonly Dictionary<char, OptionDefinition> ByLetter;

    static OptionTable()
    {
        ImmutableArray<OptionDefinition> own =
        [
            .. Rows(OptionSection.Listeners, Listeners()),
            .. Rows(OptionSection.Application, Application()),
            .. Rows(OptionSection.StaticFiles, StaticFiles()),
            .. Rows(OptionSection.Processes, Processes()),
            .. Rows(OptionSection.Processes, Scaling()),
            .. Rows(OptionSection.Privileges, Privileges()),
            .. Rows(OptionSection.Requests, Requests()),
            .. Rows(OptionSection.Requests, Proxies()),
            .. Rows(OptionSection.Routing, Routing()),
            .. Rows(OptionSection.Logging, Logging()),
            .. Rows(OptionSection.Reloading, Reloading()),
            .. Rows(OptionSection.Daemons, Daemons()),
            .. Rows(OptionSection.Language, Language()),
        ];
        HashSet<string> taken = [.. own.SelectMany(option => option.Aliases.Prepend(option.Name))];
        IEnumerable<OptionDefinition> absent = [.. AbsentRouters(), .. AbsentSupervision(), .. AbsentServices(), .. AbsentFiner()];
        All = [.. own, .. Rows(OptionSection.Absent, absent.Where(option => !taken.Contains(option.Name)))];
        ByName = All.SelectMany(option => option.Aliases.Prepend(option.Name).Select(name => (name, option))).ToDictionary();
        ByLetter = All.Where(option => option.Short != '\0').ToDictionary(option => option.Short);
    }

    /// <summary>All rows, by section.</summary>
    public static ImmutableArray<OptionDefinition> All { get; }

    /// <summary>All names, aliases included.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The row of a name or alias; names are exact and case-sensitive.</summary>
    public static OptionDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The row of a short form on the command line.</summary>
    public static OptionDefinition? Find(char letter) => ByLetter.GetValueOrDefault(letter);

    /// <summary>Does the word open a condition or a loop?</summary>
    internal static bool IsBlockOpener(string key) =>
        (key.StartsWith("if", StringComparison.Ordinal) || key.StartsWith("for", StringComparison.Ordinal))
        && Find(key) is { Kind: OptionKind.Language, Support: OptionSupport.Works };

    private static IEnumerable<OptionDefinition> Rows(OptionSection section, IEnumerable<OptionDefinition> rows) =>
        rows.Select(row => row with { Section = section });

    /// <summary>Rows of options that share a decision; one that has a row of its own elsewhere is left out.</summary>
    /// <param name="support">What becomes of them.</param>
    /// <param name="summary">What they are for in uWSGI, or why they are not needed here.</param>
    /// <param name="advice">What to do instead.</param>
    /// <param name="names">Separated by blanks.</param>
    private static IEnumerable<OptionDefinition> Family(OptionSupport support, string summary, string? advice, string names) =>
        names.Split(' ').Select(name => new OptionDefinition(name, OptionKind.Text, support, summary)
        {
            Advice = advice,
            ValueOptional = true,
            Repeatable = true,
        });
}
