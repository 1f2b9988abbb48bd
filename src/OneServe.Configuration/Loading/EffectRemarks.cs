namespace OneServe.Configuration;

/// <summary>Tells what becomes of the options that do nothing here.</summary>
/// <param name="diagnostics">Where to.</param>
/// <param name="isDetailed">Each option in a sentence of its own; else what needs no doing is told in one line for all.</param>
internal sealed class EffectRemarks(DiagnosticList diagnostics, bool isDetailed)
{
    private readonly List<(Statement Statement, OptionDefinition Option)> _entries = [];

    public void Note(Statement statement, OptionDefinition option)
    {
        if (option.Support is OptionSupport.NotYet or OptionSupport.NotNeeded || (isDetailed && option.Support == OptionSupport.AlwaysSo))
        {
            _entries.Add((statement, option));
        }
    }

    public void Tell()
    {
        foreach ((Statement statement, OptionDefinition option) in _entries.Where(entry => HasLoss(entry.Option)))
        {
            diagnostics.Warning(
                $"`{statement.Key}` is accepted without effect so far ({Sentence.Lower(option.Summary)})", statement.Source, option.Advice);
        }

        List<(Statement Statement, OptionDefinition Option)> others = [.. _entries.Where(entry => !HasLoss(entry.Option))];
        if (isDetailed)
        {
            others.ForEach(entry => diagnostics.Notice(
                $"`{entry.Statement.Key}` {Verdict(entry.Option.Support)}: {Sentence.Lower(entry.Option.Summary)}", entry.Statement.Source));
            return;
        }

        Join(OptionSupport.NotYet, "accepted without effect so far");
        Join(OptionSupport.NotNeeded, "accepted, but not needed here");

        void Join(OptionSupport support, string what)
        {
            Statement[] statements = [.. others.Where(entry => entry.Option.Support == support).Select(entry => entry.Statement)];
            if (statements.Length > 0)
            {
                IEnumerable<string> names = statements.GroupBy(statement => statement.Key).Select(group => $"{group.Key} ({group.First().Source})");
                diagnostics.Notice($"{what}: {string.Join(", ", names)}", statements[0].Source);
            }
        }
    }

    /// <summary>Something that was asked for does not happen, and there is another way to have it.</summary>
    private static bool HasLoss(OptionDefinition option) => option is { Support: OptionSupport.NotYet, Advice: not null };

    private static string Verdict(OptionSupport support) => support switch
    {
        OptionSupport.NotYet => "is accepted without effect so far",
        OptionSupport.NotNeeded => "is not needed here",
        _ => "is always so",
    };
}
