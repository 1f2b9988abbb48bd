using OneServe;
using OneServe.Gateway;
using OneServe.Master;
using OneServe.Master.Processes;
using OneServe.Posix;

// One executable, several roles: argv[0] selects (docs/protocol.md, "Processes").
try
{
    return Environment.GetCommandLineArgs()[0] switch
    {
        ProcessTitles.Gateway => RunGateway(),
        ProcessTitles.Shim => ExecShim.Run(args),
        _ => CommandLine.Run(args),
    };
}
catch (Exception error) when (ScarceResources.Explain(error) is { } reason)
{
    StandardErrorSink.Write($"oneserve: {reason}\n");
    return ExitCodes.StartFailed;
}

static int RunGateway()
{
    ProcessCalls.SetName("oneserve gw"u8);
    return GatewayProcess.Run(StandardErrorSink.CreateLogger());
}
