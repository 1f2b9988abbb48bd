using System.Net.Sockets;
using Mono.Unix.Native;

namespace OneServe.Posix;

public sealed unsafe partial class ListenSocket
{
    /// <summary>Whether <see cref="Open(ListenAddress, ListenSocketOptions)"/> would succeed now; nothing is made, removed or listened on.</summary>
    /// <exception cref="ListenException">It would not.</exception>
    public static void Probe(ListenAddress address, ListenSocketOptions options)
    {
        if (address.Descriptor is { } number)
        {
            Inherit(address, number).Dispose();
        }
        else if (address.Path is not null)
        {
            ProbePath(address);
        }
        else
        {
            var endpoint = address.IsTcp ? address.Resolve() ?? throw new ListenException(address, ListenFailure.UnknownHost, 0) : null;
            bool six = endpoint?.AddressFamily == AddressFamily.InterNetworkV6;
            int domain = endpoint is null ? SocketAddress.Unix : six ? SocketAddress.Inet6 : SocketAddress.Inet;
            using var probe = New(address, domain);
            if (endpoint is not null)
                SocketOptions.SetReuseAddress(probe.Number);
            if (endpoint is not null && options.ReusePort)
                SocketOptions.SetReusePort(probe.Number);
            if (six)
                SocketOptions.SetDualStack(probe.Number);
            byte[] name = endpoint is null ? SocketAddress.OfUnix(address.AbstractName!, isAbstract: true) : SocketAddress.Of(endpoint);
            fixed (byte* p = name)
                Check(address, SysResult.Of(bind(probe.Number, p, (uint)name.Length)));
        }
    }

    private static void ProbePath(ListenAddress address)
    {
        string directory = System.IO.Path.GetDirectoryName(address.Path) ?? "/";
        if (Syscall.access(directory, AccessModes.W_OK | AccessModes.X_OK) != 0)
            throw Failed(address, System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
        if (Syscall.lstat(address.Path, out var status) != 0)
            return;
        if ((status.st_mode & FilePermissions.S_IFMT) != FilePermissions.S_IFSOCK)
            throw new ListenException(address, ListenFailure.NotASocket, 0);
        using var probe = New(address, SocketAddress.Unix);
        byte[] name = SocketAddress.OfUnix(address.Path!, isAbstract: false);
        SysResult answer;
        fixed (byte* p = name)
            answer = SysResult.Of(connect(probe.Number, p, (uint)name.Length));
        if (!answer.IsError)
            throw new ListenException(address, ListenFailure.InUse, Errno.EADDRINUSE) { Holder = PeerCredentials.TryGet(probe.Number, out var peer) ? peer.Process : 0 };
    }
}
