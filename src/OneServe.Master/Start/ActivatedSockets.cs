using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>The listening sockets that systemd, or who does as it does, has started this process with.</summary>
internal sealed class ActivatedSockets(IReadOnlyList<int> descriptors)
{
    public static ActivatedSockets OfThisProcess()
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "");
        return new ActivatedSockets(SocketActivation.Of(environment, ProcessCalls.Id).Descriptors);
    }

    /// <summary>The one that has this address, so that it need not be bound; null when there is none.</summary>
    public int? Find(ListenAddress address)
    {
        foreach (int number in descriptors)
        {
            if (Descriptors.IsInherited(number) && BoundAddress.Of(number).Covers(address))
                return number;
        }
        return null;
    }

    /// <summary>A line for each that nobody accepts from: its clients would wait for ever.</summary>
    public IEnumerable<string> TellUnused(IReadOnlyList<Listener> listeners)
        => from number in descriptors
           where listeners.All(listener => listener.Socket.Inherited != number)
           select $"The inherited socket {BoundAddress.Of(number)} (descriptor {number}) is not used: no address names it. "
               + $"Add `http = fd://{number}` or `socket = fd://{number}`, or remove it where the server is started";
}
