using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>What to tell the operator when an address cannot be had: one table.</summary>
internal static class ListenErrors
{
    public static StartException Explain(Setting setting, ListenException error) => new($"{setting.Source}: {setting}: {Reason(error)}");

    /// <summary>Two addresses of one configuration, or of a reload and what runs, that include each other.</summary>
    public static StartException ExplainOverlap(Setting setting, Setting rival)
        => new($"{setting.Source}: {setting}: this server listens on `{rival.Value}` already ({rival.Source}), and the two overlap. "
            + "Keep one of them: `[::]:port` takes IPv4 and IPv6. One can take the other's place at a new start, not at a reload.");

    private static string Reason(ListenException error)
    {
        var address = error.Address;
        return error.Failure switch
        {
            ListenFailure.InUse when address.IsTcp => $"port {address.Port} is in use: another program listens there. "
                + $"Stop it (`ss -ltnp 'sport = :{address.Port}'` names it), or choose another port.",
            ListenFailure.InUse => $"another server listens on this socket{Holder(error.Holder)}. Stop it, or choose another {(address.Path is null ? "name" : "path")}.",
            ListenFailure.Permission when address.IsTcp =>
                $"no permission: ports below 1024 need a privilege. Start as root with `uid = …` (it is given up once the port is bound), grant it "
                + "(`setcap cap_net_bind_service=+ep oneserve`), or use a port such as :8000.",
            ListenFailure.Permission => "no permission to make the socket there. "
                + "Choose a directory that this user may write, or start as root with `uid = …`.",
            ListenFailure.NotAvailable => "this address is none of this machine's. Use 0.0.0.0 for all of them, or one that `ip address` shows.",
            ListenFailure.NoFamily => "this machine has no IPv6. Use an IPv4 address, such as 0.0.0.0 for all of them.",
            ListenFailure.UnknownHost => $"the host name {address.Host} has no address. Correct it, add it to /etc/hosts, or use a number such as 0.0.0.0.",
            ListenFailure.NotASocket => "there is a file with this name that is no socket. Remove it, or choose another path.",
            ListenFailure.NoDirectory => $"the directory {Path.GetDirectoryName(address.Path)} does not exist.",
            ListenFailure.OwnerNotPermitted => $"{address.Path} may not be given to this owner: only root gives files away; others may give them to a group "
                + "that they are in. Name such a group (`chown-socket = :group`), start as root with `uid = …`, or remove the line.",
            ListenFailure.NotInherited => $"the server was not started with a descriptor {Number(address)}. "
                + "Who starts it must open the socket, leave it open over exec, and name its number.",
            ListenFailure.NotListening => $"descriptor {Number(address)} is no listening stream socket. "
                + "Who starts the server must bind a TCP or UNIX stream socket and call listen() first.",
            _ => Errno.Describe(error.Errno) + ".",
        };
    }

    private static int Number(ListenAddress address) => address.Descriptor.GetValueOrDefault();

    /// <summary>Its name and number, if the kernel tells.</summary>
    private static string Holder(int process)
    {
        if (process <= 0)
            return "";
        try
        {
            return $": {File.ReadAllText($"/proc/{process}/comm").Trim()} (pid {process})";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $": pid {process}";
        }
    }
}
