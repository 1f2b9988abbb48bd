namespace OneServe.Configuration;

/// <summary>A pidfile besides the first one.</summary>
/// <param name="Setting">Its path, absolute, and where it was written.</param>
/// <param name="OwnedByUser">It belongs to the user of `uid` (`pidfile2`, `safe-pidfile2`), who may then remove it.</param>
/// <param name="WhenReady">It is written when the start has succeeded (`safe-pidfile`, `safe-pidfile2`).</param>
public sealed record PidFileOptions(Setting Setting, bool OwnedByUser, bool WhenReady);
