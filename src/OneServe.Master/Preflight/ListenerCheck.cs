using OneServe.Configuration;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master.Preflight;

/// <summary>Are the addresses to be had?</summary>
internal static class ListenerCheck
{
    public static void Run(ServerOptions options, bool isRunning, Findings findings)
    {
        foreach (var listener in options.Listeners)
        {
            if (ListenAddress.Parse(listener.Setting.Value, out _) is not { } address)
                continue; // told by who read it
            try
            {
                ListenSocket.Probe(address, new ListenSocketOptions { Backlog = options.Backlog, ReusePort = options.ReusePort });
            }
            catch (ListenException error) when (error.Failure == ListenFailure.InUse && isRunning)
            {
                findings.Add(DiagnosticSeverity.Notice, listener.Setting, $"`{listener.Setting}` is in use, by the running server as it seems");
            }
            catch (ListenException error) when (error.Failure == ListenFailure.InUse)
            {
                // Not an error: without a pidfile the running server may be this file's own.
                findings.AddMessage(DiagnosticSeverity.Warning, ListenErrors.Explain(listener.Setting, error).Message);
            }
            catch (ListenException error) when (error.Failure is ListenFailure.NotInherited or ListenFailure.NotListening)
            {
                findings.Add(DiagnosticSeverity.Notice, listener.Setting, $"`{listener.Setting}`: whether it is handed over can only be seen at the start");
            }
            catch (ListenException error)
            {
                findings.AddMessage(DiagnosticSeverity.Error, ListenErrors.Explain(listener.Setting, error).Message);
            }
        }
    }
}
