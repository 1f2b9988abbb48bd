using OneServe.Posix;

namespace OneServe.Master.Scaling;

/// <summary>What the gateway tells of its load (`load`, docs/protocol.md).</summary>
/// <param name="Requests">For the application: in work or waiting.</param>
/// <param name="Milliseconds">By the gateway's clock.</param>
/// <param name="BusyMilliseconds">Time that all slots together have been at work, ever.</param>
/// <param name="Seen">Requests answered, ever; those for files too.</param>
/// <param name="Open">Requests that have come and have not been answered; those for files too.</param>
internal readonly record struct LoadReport(int Requests, long Milliseconds, long BusyMilliseconds, long Seen, int Open)
{
    /// <summary>Reads the words behind the generation's number.</summary>
    public static LoadReport Of(ControlMessage message)
        => new((int)message.Number(1), message.Number(2), message.Number(3), message.Number(4), (int)message.Number(5));
}
