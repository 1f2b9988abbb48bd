namespace OneServe.Master.Commands;

/// <summary>
/// Where a running master hears `oneserve reload` and `oneserve stop`: an abstract UNIX socket named after its pid (docs/protocol.md, "Commands").
/// It needs no file and no clean-up; who may use it is decided by the kernel's word on the peer.
/// </summary>
internal static class CommandLink
{
    public const string Reload = "reload";
    public const string Stop = "stop";
    public const string Pause = "pause";
    public const string Resume = "resume";

    /// <summary>Begins the answer of a command that was carried out.</summary>
    public const string Done = "done\n";

    /// <summary>Begins the answer of one that was not; the reason follows.</summary>
    public const string Failed = "failed\n";

    /// <summary>Without the leading zero byte, or the `@` by which people write it.</summary>
    public static string NameOf(int pid) => $"oneserve/{pid}";
}
