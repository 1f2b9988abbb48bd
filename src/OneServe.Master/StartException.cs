namespace OneServe.Master;

/// <summary>The server, or a new generation, cannot be started: the message is for the operator and says what to do.</summary>
public sealed class StartException(string message, int exitCode = ExitCodes.StartFailed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
