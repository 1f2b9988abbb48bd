namespace OneServe.FunctionalTests.Nginx;

/// <summary>A difference between the servers that is meant to be.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Nginx">What nginx does.</param>
/// <param name="Here">What is done here.</param>
/// <param name="Reason">Why.</param>
/// <param name="Explains">Whether it explains that the answers to a request differ in a field.</param>
internal sealed record StaticDifference(
    string Name, string Nginx, string Here, string Reason, Func<StaticRequestRow, string, StaticAnswer, StaticAnswer, bool> Explains);
