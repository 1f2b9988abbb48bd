using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>What to tell the operator when an address cannot be had: one table.</summary>
internal static class ListenErrors
{
    public static StartException Explain(Setting setting, ListenException error) => new($"{setting.Source}: {setting}: {Reason(error)}");

    private static string Reason(ListenException error)
    {
        var address = error.Address;
        return error.Failure switch
        {
            ListenFailure.InUse when address.IsTcp => $"port {address.Port} is in use: another program listens there. "
                + $"Stop it (`ss -ltnp 'sport = :{address.Port}'` names it), or choose another port.",
            ListenFailure.InUse => "another server listens on this socket. Stop it, or choose another path.",
            ListenFailure.Permission when address.IsTcp =>
                $"no permission: ports below 1024 need a privilege. Start as root with `uid = …` (it is given up once the port is bound), grant it "
                + "(`setcap cap_net_bind_service=+ep oneserve`), or use a port such as :8000.",
            ListenFailure.Permission => "no permission to make the socket there. "
                + "Choose a directory that this user may write, or start as root with `uid = …`.",
            ListenFailure.NotAvailable => "this address is none of this machine's. Use 0.0.0.0 for all of them, or one that `ip address` shows.",
            ListenFailure.UnknownHost => $"the host name {address.Host} has no address.",
            ListenFailure.NotASocket => "there is a file with this name that is no socket. Remove it, or choose another path.",
            ListenFailure.NoDirectory => $"the directory {Path.GetDirectoryName(address.Path)} does not exist.",
            _ => Errno.Describe(error.Errno) + ".",
        };
    }
}
