namespace OneServe.Master.Start;

/// <summary>What workers load before they are ready, with `py-autoreload`.</summary>
/// <param name="Modules">Those that requests had loaded before the reload. One that cannot be loaded any more is left out: perhaps nobody needs it now.</param>
/// <param name="Edited">Files that have changed since code took over last. What cannot be loaded because of them is a mistake, and fails the reload.</param>
internal sealed record LoadAgain(IReadOnlyCollection<string> Modules, IReadOnlyCollection<string> Edited)
{
    public static readonly LoadAgain Nothing = new([], []);
}
