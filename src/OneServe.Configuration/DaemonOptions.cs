namespace OneServe.Configuration;

/// <summary>A server in the background.</summary>
/// <param name="Setting">The path of its log file, absolute, and where it was written.</param>
/// <param name="OwnedByUser">The file is made by the user of `uid` (`daemonize2`).</param>
public sealed record DaemonOptions(Setting Setting, bool OwnedByUser);
