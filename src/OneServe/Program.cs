using OneServe.Gateway;
using OneServe.Master;
using OneServe.Master.Processes;

// One executable, several roles: argv[0] selects (docs/protocol.md, "Processes").
return Environment.GetCommandLineArgs()[0] switch
{
    ProcessTitles.Gateway => GatewayProcess.Run(),
    ProcessTitles.Shim => ExecShim.Run(args),
    _ => OneServe.CommandLine.Run(args),
};
