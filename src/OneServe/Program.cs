using OneServe;
using OneServe.Gateway;
using OneServe.Master;
using OneServe.Master.Hooks;
using OneServe.Master.Processes;
using OneServe.Master.Start;
using OneServe.Posix;

// One executable, several roles: argv[0] selects (docs/protocol.md, "Processes").
try
{
    return Environment.GetCommandLineArgs()[0] switch
    {
        ProcessTitles.Gateway => RunGateway(args),
        ProcessTitles.Shim => ExecShim.Run(args),
        ProcessTitles.Action => HookActions.Run(args),
        ProcessTitles.Master => CommandLine.Run(MasterRestart.Read(args)),
        _ => CommandLine.Run(MasterRestart.None(args)),
    };
}
catch (Exception error) when (ScarceResources.Explain(error) is { } reason)
{
    StandardErrorSink.Write($"oneserve: {reason}\n");
    return ExitCodes.StartFailed;
}

static int RunGateway(string[] arguments)
{
    if (arguments is [var title])
        ProcessTitle.Show(title);
    ProcessCalls.SetName("oneserve gw"u8);
    return GatewayProcess.Run(StandardErrorSink.CreateLogger);
}
