using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace OneServe.Posix;

/// <summary>A listening stream socket, non-blocking and close-on-exec.</summary>
public sealed unsafe partial class ListenSocket : IDisposable
{
    private const int Stream = 1 | 0x80000 | 0x800; // SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK
    private const int SocketLevel = 1;              // SOL_SOCKET
    private const int ReuseAddress = 2;             // SO_REUSEADDR
    private const int Ipv6Level = 41;               // IPPROTO_IPV6
    private const int Ipv6Only = 26;                // IPV6_V6ONLY

    private ListenSocket(ListenAddress address, SafeDescriptor descriptor, int port, FileIdentity? file)
    {
        Address = address;
        Descriptor = descriptor;
        Port = port;
        File = file;
    }

    public ListenAddress Address { get; }

    public SafeDescriptor Descriptor { get; }

    /// <summary>TCP: the port in use, also when the kernel has chosen it.</summary>
    public int Port { get; }

    /// <summary>UNIX path: the file that bind(2) made; null otherwise.</summary>
    public FileIdentity? File { get; }

    /// <summary>`0.0.0.0:8000`, `[::]:8000`, `/run/site.sock`, `@name`.</summary>
    public string Name => Address switch
    {
        { Path: { } path } => path,
        { AbstractName: { } name } => "@" + name,
        { Host: "" } => $"0.0.0.0:{Port}",
        { Host: { } host } when host.Contains(':') => $"[{host}]:{Port}",
        _ => $"{Address.Host}:{Port}",
    };

    [LibraryImport("libc")]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc")]
    private static partial int bind(int descriptor, byte* address, uint length);

    [LibraryImport("libc")]
    private static partial int connect(int descriptor, byte* address, uint length);

    [LibraryImport("libc")]
    private static partial int listen(int descriptor, int backlog);

    [LibraryImport("libc")]
    private static partial int getsockname(int descriptor, byte* address, uint* length);

    [LibraryImport("libc")]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);

    /// <summary>
    /// Binds and listens. A UNIX path that a server has left behind is taken over; one on which a server answers is not.
    /// </summary>
    /// <exception cref="ListenException">The address cannot be had; nothing was changed.</exception>
    public static ListenSocket Open(ListenAddress address, int backlog)
    {
        if (address.IsTcp)
        {
            var endpoint = address.Resolve() ?? throw new ListenException(address, ListenFailure.UnknownHost, 0);
            bool six = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
            return Open(address, six ? SocketAddress.Inet6 : SocketAddress.Inet, SocketAddress.Of(endpoint), backlog);
        }
        byte[] name = SocketAddress.OfUnix(address.Path ?? address.AbstractName!, address.AbstractName is not null);
        if (address.Path is not null)
            RemoveStale(address, name);
        return Open(address, SocketAddress.Unix, name, backlog);
    }

    public void Dispose() => Descriptor.Dispose();

    private static ListenSocket Open(ListenAddress address, int domain, byte[] name, int backlog)
    {
        var descriptor = New(address, domain);
        try
        {
            int one = 1, zero = 0;
            if (domain != SocketAddress.Unix)
                setsockopt(descriptor.Number, SocketLevel, ReuseAddress, &one, sizeof(int));
            if (domain == SocketAddress.Inet6)
                setsockopt(descriptor.Number, Ipv6Level, Ipv6Only, &zero, sizeof(int));
            fixed (byte* p = name)
                Check(address, SysResult.Of(bind(descriptor.Number, p, (uint)name.Length)));
            var file = address.Path is null ? null : FileIdentity.Of(address.Path);
            Check(address, SysResult.Of(listen(descriptor.Number, backlog)));
            return new ListenSocket(address, descriptor, address.IsTcp ? BoundPort(descriptor) : 0, file);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    private static SafeDescriptor New(ListenAddress address, int domain)
    {
        var made = SysResult.Of(socket(domain, Stream, 0));
        Check(address, made);
        return new SafeDescriptor(made.Int);
    }

    private static int BoundPort(SafeDescriptor descriptor)
    {
        byte* name = stackalloc byte[28];
        uint length = 28;
        SysResult.Of(getsockname(descriptor.Number, name, &length)).OrThrow("getsockname");
        return SocketAddress.Port(new ReadOnlySpan<byte>(name, 28));
    }

    /// <summary>A socket file outlives its server; only a connection attempt tells whether somebody still listens.</summary>
    private static void RemoveStale(ListenAddress address, byte[] name)
    {
        if (Syscall.lstat(address.Path, out var status) != 0)
            return;
        if ((status.st_mode & FilePermissions.S_IFMT) != FilePermissions.S_IFSOCK)
            throw new ListenException(address, ListenFailure.NotASocket, 0);
        using var probe = New(address, SocketAddress.Unix);
        SysResult answer;
        fixed (byte* p = name)
            answer = SysResult.Of(connect(probe.Number, p, (uint)name.Length));
        switch (answer.Errno)
        {
            case Errno.ECONNREFUSED:
                if (Syscall.unlink(address.Path) != 0)
                    throw Failed(address, Marshal.GetLastPInvokeError());
                break;
            case Errno.ENOENT:
                break;
            case Errno.EACCES or Errno.EPERM:
                throw new ListenException(address, ListenFailure.Permission, answer.Errno);
            default:
                // Connected; or EAGAIN: the server's backlog is full; or EPROTOTYPE: a socket of another type. It lives.
                throw new ListenException(address, ListenFailure.InUse, Errno.EADDRINUSE);
        }
    }

    private static void Check(ListenAddress address, SysResult result)
    {
        if (result.IsError)
            throw Failed(address, result.Errno);
    }

    private static ListenException Failed(ListenAddress address, int errno) => new(address, errno switch
    {
        Errno.EADDRINUSE => ListenFailure.InUse,
        Errno.EACCES or Errno.EPERM => ListenFailure.Permission,
        Errno.EADDRNOTAVAIL => ListenFailure.NotAvailable,
        Errno.ENOENT or Errno.ENOTDIR => ListenFailure.NoDirectory,
        _ => ListenFailure.Other,
    }, errno);
}
