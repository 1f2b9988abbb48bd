namespace OneServe.Configuration;

/// <summary>`HOST[:PORT][,PROGRAM]` of `rsyslog:`.</summary>
/// <param name="Address">Where it listens; the port is 514 when none is said.</param>
/// <param name="Program">What stands before the message; null: the machine's name and `oneserve`.</param>
public sealed record RemoteSyslogTarget(LogAddress Address, string? Program)
{
    private const int DefaultPort = 514;

    /// <summary>Null: it has no host, or the port is none.</summary>
    public static RemoteSyslogTarget? Parse(string text)
    {
        string[] parts = text.Split(',', 2);
        LogAddress? address = LogAddress.Parse(parts[0]) ?? LogAddress.Parse($"{parts[0]}:{DefaultPort}");
        return address is null ? null : new RemoteSyslogTarget(address, parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null);
    }
}
