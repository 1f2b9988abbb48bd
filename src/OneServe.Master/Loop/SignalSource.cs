using System.Runtime.InteropServices;
using OneServe.Posix;

namespace OneServe.Master.Loop;

/// <summary>Turns signals into actions of the loop; the handler itself only enqueues.</summary>
internal sealed class SignalSource : IDisposable
{
    private static readonly int[] Heard = [Signals.Terminate, Signals.Interrupt, Signals.Quit, Signals.Hangup, Signals.User1, Signals.User2, Signals.TerminalStop];

    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="loop">Where they arrive.</param>
    /// <param name="received">Called with the signal's number, on the loop's thread.</param>
    public SignalSource(EventLoop loop, Action<int> received)
    {
        foreach (int signal in Heard)
        {
            // PosixSignal takes the platform's numbers as they are.
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
            {
                context.Cancel = true;
                loop.Post(() => received(signal));
            }));
        }
    }

    /// <summary>
    /// A shell ignores INT and QUIT for what it starts in the background, nohup ignores HUP, and the runtime never hears a signal that was
    /// ignored when it started. Then the program is executed once more, in this process, with default dispositions (4 ms).
    /// </summary>
    public static void Unmute()
    {
        if (Heard.Count(ProcessCalls.ResetIgnored) > 0)
            ProcessCalls.Execute(ProcessTitles.Executable, Environment.GetCommandLineArgs());
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
}
