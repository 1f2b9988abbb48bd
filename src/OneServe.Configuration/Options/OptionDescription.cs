namespace OneServe.Configuration;

/// <summary>What becomes of an option, in words.</summary>
public static class OptionDescription
{
    /// <summary>`works`, `always so`, `not needed`, `not yet`, `refused`.</summary>
    public static string Word(OptionSupport support) => support switch
    {
        OptionSupport.Works => "works",
        OptionSupport.AlwaysSo => "always so",
        OptionSupport.NotNeeded => "not needed",
        OptionSupport.NotYet => "not yet",
        _ => "refused",
    };

    /// <summary>One sentence, with the alternative when there is one.</summary>
    public static string Verdict(OptionDefinition option)
    {
        string verdict = option.Support switch
        {
            OptionSupport.Works => "It works.",
            OptionSupport.AlwaysSo => "It is always so, and cannot be switched off.",
            OptionSupport.NotNeeded => "It is accepted, and not needed.",
            OptionSupport.NotYet => "It is accepted without effect so far.",
            _ => "It is an error.",
        };
        return option.Advice is null ? verdict : $"{verdict} Instead: {option.Advice}.";
    }
}
