using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace OneServe.Posix;

/// <summary>A listening stream socket, non-blocking and close-on-exec.</summary>
public sealed unsafe partial class ListenSocket : IDisposable
{
    private const int StreamKind = 1;                           // SOCK_STREAM
    private const int NewStream = StreamKind | 0x80000 | 0x800; // | SOCK_CLOEXEC | SOCK_NONBLOCK

    private ListenSocket(ListenAddress address, SafeDescriptor descriptor, int? inherited, FileIdentity? file)
    {
        Address = address;
        Descriptor = descriptor;
        Inherited = inherited;
        File = file;
        Bound = BoundAddress.Of(descriptor.Number);
    }

    public ListenAddress Address { get; }

    public SafeDescriptor Descriptor { get; }

    /// <summary>The descriptor that this one duplicates, which the process was started with; null for a socket of our own.</summary>
    public int? Inherited { get; }

    /// <summary>The address in use.</summary>
    public BoundAddress Bound { get; }

    /// <summary>TCP: the port in use, also when the kernel has chosen it; 0 otherwise.</summary>
    public int Port => Bound.EndPoint?.Port ?? 0;

    /// <summary>UNIX path: the file that bind(2) made; null otherwise, also when another program has made it.</summary>
    public FileIdentity? File { get; }

    /// <summary>`0.0.0.0:8000`, `[::]:8000`, `/run/site.sock`, `@name`.</summary>
    public string Name => Inherited is not null ? Bound.ToString() : Address switch
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

    /// <summary>
    /// Binds and listens. A UNIX path that a server has left behind is taken over; one on which a server answers is not.
    /// </summary>
    /// <exception cref="ListenException">The address cannot be had; nothing was changed.</exception>
    public static ListenSocket Open(ListenAddress address, ListenSocketOptions options)
    {
        if (address.Descriptor is { } number)
            return Inherit(address, number);
        if (address.IsTcp)
        {
            var endpoint = address.Resolve() ?? throw new ListenException(address, ListenFailure.UnknownHost, 0);
            bool six = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
            return Open(address, six ? SocketAddress.Inet6 : SocketAddress.Inet, SocketAddress.Of(endpoint), options);
        }
        byte[] name = SocketAddress.OfUnix(address.Path ?? address.AbstractName!, address.AbstractName is not null);
        if (address.Path is not null)
            RemoveStale(address, name);
        return Open(address, SocketAddress.Unix, name, options);
    }

    /// <summary>Takes a socket that the process was started with. The descriptor itself stays open: a later reload may ask for it again.</summary>
    /// <param name="address">What it stands for.</param>
    /// <param name="number">The descriptor.</param>
    /// <exception cref="ListenException">It is no stream socket that listens.</exception>
    public static ListenSocket Inherit(ListenAddress address, int number)
    {
        if (!Descriptors.IsInherited(number))
            throw new ListenException(address, ListenFailure.NotInherited, 0);
        if (SocketOptions.GetKind(number) is not { IsError: false, Int: StreamKind } || !SocketOptions.IsListening(number)
            || BoundAddress.Of(number) is { EndPoint: null, Path: null, AbstractName: null })
        {
            throw new ListenException(address, ListenFailure.NotListening, 0);
        }
        var duplicate = Descriptors.Duplicate(number);
        Check(address, duplicate);
        var descriptor = new SafeDescriptor(duplicate.Int);
        Descriptors.SetNonBlocking(descriptor.Number, on: true);
        return new ListenSocket(address, descriptor, number, file: null);
    }

    /// <summary>Another length of the queue, from now on.</summary>
    public void SetBacklog(int backlog) => listen(Descriptor.Number, backlog);

    public void Dispose() => Descriptor.Dispose();

    private static ListenSocket Open(ListenAddress address, int domain, byte[] name, ListenSocketOptions options)
    {
        var descriptor = New(address, domain);
        FileIdentity? file = null;
        try
        {
            if (domain != SocketAddress.Unix)
                SocketOptions.SetReuseAddress(descriptor.Number);
            if (domain != SocketAddress.Unix && options.ReusePort)
                SocketOptions.SetReusePort(descriptor.Number);
            if (domain == SocketAddress.Inet6)
                SocketOptions.SetDualStack(descriptor.Number);
            fixed (byte* p = name)
                Check(address, SysResult.Of(bind(descriptor.Number, p, (uint)name.Length)));
            file = address.Path is null ? null : FileIdentity.Of(address.Path);
            // Before it listens: nobody connects whom the final mode keeps out.
            if (address.Path is not null)
                GiveAway(address, options);
            Check(address, SysResult.Of(listen(descriptor.Number, options.Backlog)));
            return new ListenSocket(address, descriptor, inherited: null, file);
        }
        catch
        {
            descriptor.Dispose();
            if (file is not null && FileIdentity.Of(address.Path!) == file)
                Syscall.unlink(address.Path);
            throw;
        }
    }

    private static void GiveAway(ListenAddress address, ListenSocketOptions options)
    {
        const uint Same = uint.MaxValue;
        if ((options.UserId ?? options.GroupId) is not null
            && Syscall.lchown(address.Path, options.UserId ?? Same, options.GroupId ?? Same) != 0 && options.IsOwnerRequired)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new ListenException(address, errno == Errno.EPERM ? ListenFailure.OwnerNotPermitted : ListenFailure.Other, errno);
        }
        if (options.Mode is { } mode && Syscall.chmod(address.Path, NativeConvert.ToFilePermissions((uint)mode)) != 0)
            throw Failed(address, Marshal.GetLastPInvokeError());
    }

    private static SafeDescriptor New(ListenAddress address, int domain)
    {
        var made = SysResult.Of(socket(domain, NewStream, 0));
        Check(address, made);
        return new SafeDescriptor(made.Int);
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
                int holder = !answer.IsError && PeerCredentials.TryGet(probe.Number, out var peer) ? peer.Process : 0;
                throw new ListenException(address, ListenFailure.InUse, Errno.EADDRINUSE) { Holder = holder };
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
        // A link-local address without its interface, or with another one (ipv6(7)).
        Errno.EINVAL or Errno.ENODEV when address.IsTcp => ListenFailure.NotAvailable,
        Errno.EAFNOSUPPORT => ListenFailure.NoFamily,
        Errno.ENOENT or Errno.ENOTDIR => ListenFailure.NoDirectory,
        _ => ListenFailure.Other,
    }, errno);
}
