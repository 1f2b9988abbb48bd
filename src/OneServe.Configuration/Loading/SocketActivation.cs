using System.Collections.Immutable;
using System.Globalization;

namespace OneServe.Configuration;

/// <summary>
/// Listening sockets that the process was started with, as systemd announces them (sd_listen_fds(3)): LISTEN_FDS descriptors from 3 on, for
/// the process LISTEN_PID and no other.
/// </summary>
public sealed class SocketActivation
{
    private const int FirstDescriptor = 3;

    /// <summary>More are a mistake of who has set the variable.</summary>
    private const int MostDescriptors = 1000;

    private const string CountVariable = "LISTEN_FDS";
    private const string ProcessVariable = "LISTEN_PID";

    private SocketActivation(ImmutableArray<int> descriptors, string? problem)
    {
        Descriptors = descriptors;
        Problem = problem;
    }

    /// <summary>What the children must not inherit: a child of theirs could have the process id by chance.</summary>
    public static ImmutableArray<string> Variables { get; } = [CountVariable, ProcessVariable, "LISTEN_FDNAMES", "LISTEN_PIDFDID"];

    /// <summary>The sockets' numbers.</summary>
    public ImmutableArray<int> Descriptors { get; }

    /// <summary>Why sockets that were announced are none of ours, and what to do; null when there is nothing to tell.</summary>
    public string? Problem { get; }

    /// <summary>Options that listen for protocols that are not spoken yet: the inherited sockets may be meant for them.</summary>
    internal static ImmutableArray<string> OtherListeners { get; } = ["https", "fastcgi-socket", "scgi-socket"];

    /// <summary>What the environment announces to a process.</summary>
    public static SocketActivation Of(IReadOnlyDictionary<string, string> environment, int processId)
    {
        if (Number(environment.GetValueOrDefault(CountVariable)) is not { } sockets || sockets is < 1 or > MostDescriptors)
        {
            return new SocketActivation([], null);
        }

        string? process = environment.GetValueOrDefault(ProcessVariable);
        return Number(process) == processId
            ? new SocketActivation([.. Enumerable.Range(FirstDescriptor, sockets)], null)
            : new SocketActivation(
                [],
                string.IsNullOrEmpty(process)
                    ? $"{CountVariable} is set and {ProcessVariable} is not: name the sockets, http = fd://{FirstDescriptor}"
                    : $"{CountVariable} is for the process {ProcessVariable} = {process}, and this is {processId}: a script in between has to `exec` the server");
    }

    /// <summary>Where no address is configured, the inherited sockets are: of HTTP, unless `protocol` names another one.</summary>
    internal ImmutableArray<Setting> Complete(ImmutableArray<Setting> settings)
    {
        if (settings.Any(setting => setting.Name is "http" or "http-socket" or "socket" or "uwsgi-socket" || OtherListeners.Contains(setting.Name)))
        {
            return settings;
        }

        string option = settings.Any(setting => setting.Name == "protocol") ? "socket" : "http";
        return [.. settings, .. Descriptors.Select(descriptor => new Setting(option, Address(descriptor), EnvironmentOptions.Source))];
    }

    private static string Address(int descriptor) => string.Create(CultureInfo.InvariantCulture, $"fd://{descriptor}");

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
