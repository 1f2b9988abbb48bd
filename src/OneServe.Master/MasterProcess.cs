using System.Globalization;
using OneServe.Configuration;
using OneServe.Master.Commands;
using OneServe.Master.Hooks;
using OneServe.Master.Logging;
using OneServe.Master.Loop;
using OneServe.Master.Start;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master;

/// <summary>The master's role: from the configuration to the exit code.</summary>
public static class MasterProcess
{
    /// <summary>Call it first of all: it may start the program over, see <see cref="SignalSource.Unmute"/>.</summary>
    public static void HearSignals()
    {
        SignalSource.Unmute();
        ProcessCalls.SetName("oneserve"u8);
    }

    /// <summary>
    /// Runs the server until it has been told to stop and everything has ended. Call it on the main thread: children ask the kernel to
    /// end with the thread that started them.
    /// </summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(MasterSetup setup)
    {
        using var loop = new EventLoop(setup.Clock);
        Action<int>? receive = null;
        // Before anything is made that has to be removed. What arrives until the loop runs waits there.
        using var signals = new SignalSource(loop, signal => receive?.Invoke(signal));
        var ledger = new PathLedger();
        LogCollector? collector = null;
        try
        {
            var options = setup.Options;
            StartChecks.Verify(options);
            if (options.Attributes.CreationMask is { } mask)
                ProcessCalls.SetCreationMask(mask);
            if (options.MaxOpenFiles is { } files)
                LimitOpenFiles(files, setup.Log);
            var identity = Identity.Resolve(options.User, options.Group, Credentials.CurrentUser, Credentials.CurrentGroup);
            if (identity.Note is { } note)
                setup.Log.Warning("{Note}", note);
            // Workers are forked twice, so that they become this process's children; where the kernel refuses, they would be init's.
            ProcessCalls.BecomeSubreaper().OrThrow("prctl(PR_SET_CHILD_SUBREAPER)");
            using var context = new MasterContext(setup, loop, identity);
            var hooks = new HookStages(context);
            receive = hooks.Receive;
            using var progress = StartProgress.Watch(loop, setup.ShowProgress);
            progress.Waits(() => hooks.Present);

            // They may make what everything else is looked for in: directories, links, a virtual environment.
            if (!hooks.Run(options, HookStage.AsSoonAsPossible))
                return Stopped(setup, ledger);
            setup.KeepTerminal();
            context.Collector = collector = LogCollector.Start(options.Log, identity.Drop, isBackground: options.Daemon is not null);
            using var pidFiles = new PidFiles(options, identity, ledger);
            pidFiles.Create();
            if (!hooks.Run(options, HookStage.PreJail, HookStage.InJail, HookStage.AsRoot, HookStage.AsUser))
                return Stopped(setup, ledger);

            string? python = FindPython(options);
            StartChecks.LookAtStaticMaps(options, identity, setup.Log);
            RoutingChecks.Verify(options.Routing, identity, setup.Log);
            var activated = ActivatedSockets.OfThisProcess();
            using var listeners = new ListenerSet(ledger, identity, activated);
            Listen(listeners, activated, setup);

            var supervisor = new Supervisor(context, listeners, pidFiles);
            receive = supervisor.Receive;
            progress.Waits(supervisor.WaitingFor);
            using var fifos = new MasterFifos(options, loop, ledger, supervisor.ReceiveByte);
            using var commands = CommandServer.Start(loop, setup.Log, supervisor.Command);
            supervisor.Start(options, python);
            foreach (int signal in hooks.Later)
                supervisor.Receive(signal);
            loop.Run(() => supervisor.HasEnded);
            receive = hooks.Receive;
            hooks.RunAtExit(options);
            // While the lock is held: nobody may take the pidfile over between its release and its removal.
            ledger.RemoveAll(startFailed: supervisor.ExitCode != ExitCodes.Success);
            if (supervisor.ExitCode == ExitCodes.Success)
                setup.Log.Information("Stopped");
            return supervisor.ExitCode;
        }
        catch (StartException error)
        {
            ledger.RemoveAll(startFailed: true);
            setup.Log.Error("{Message}", error.Message);
            collector?.TellConsole(error.Message);
            return error.ExitCode;
        }
        catch (Exception error) when (ScarceResources.Explain(error) is { } reason)
        {
            // Children end with their lifeline.
            ledger.RemoveAll(startFailed: true);
            setup.Log.Error("{Reason}", reason);
            collector?.TellConsole(reason);
            return ExitCodes.StartFailed;
        }
        finally
        {
            collector?.Dispose();
        }
    }

    /// <summary>Told to stop before there was a server.</summary>
    private static int Stopped(MasterSetup setup, PathLedger ledger)
    {
        ledger.RemoveAll(startFailed: true);
        setup.Log.Information("Stopped");
        return ExitCodes.Success;
    }

    private static void Listen(ListenerSet listeners, ActivatedSockets activated, MasterSetup setup)
    {
        listeners.OpenMissing(setup.Options);
        listeners.Confirm();
        listeners.Apply(setup.Options);
        if (Backlog.Of(setup.Options).Note is { } shorter)
            setup.Log.Information("{Note}", shorter);
        foreach (string unused in activated.TellUnused(listeners.Open))
            setup.Log.Warning("{Unused}", unused);
    }

    private static void LimitOpenFiles(Setting files, ILogger log)
    {
        int wanted = int.Parse(files.Value, CultureInfo.InvariantCulture);
        long granted = ResourceLimits.SetOpenFiles(wanted);
        if (granted < wanted)
            log.Warning("`max-fd` {Wanted} ({Source}) is more than this user may have: it stays at {Granted}", wanted, files.Source, granted);
    }

    /// <summary>The interpreter for these options; null when there is no application.</summary>
    /// <exception cref="StartException">There is none on this machine.</exception>
    internal static string? FindPython(ServerOptions options)
        => options.Application.IsNamed
            ? new PythonLocator(Environment.GetEnvironmentVariable, StartChecks.IsExecutable).Find(options.Application.Home)
            : null;
}
