namespace OneServe.Gateway;

/// <summary>Exit codes of the gateway (docs/protocol.md).</summary>
internal static class ExitCodes
{
    public const int Ended = 0;
    public const int Failed = 1;
    public const int MasterGone = 3;
}
