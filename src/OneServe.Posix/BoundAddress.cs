using System.Net;
using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Where a socket is bound, in the kernel's words: what was asked for may have been a name, or port 0.</summary>
public sealed unsafe partial record BoundAddress
{
    /// <summary>TCP; null otherwise.</summary>
    public IPEndPoint? EndPoint { get; private init; }

    /// <summary>An IPv6 socket that takes IPv4 clients as well.</summary>
    public bool IsDualStack { get; private init; }

    /// <summary>UNIX socket: the path as it was given to bind(2), possibly relative.</summary>
    public string? Path { get; private init; }

    /// <summary>UNIX socket: the abstract name without its `@`.</summary>
    public string? AbstractName { get; private init; }

    [LibraryImport("libc")]
    private static partial int getsockname(int descriptor, byte* address, uint* length);

    /// <summary>Empty for a socket of another family, or one without a name.</summary>
    public static BoundAddress Of(int descriptor)
    {
        byte* name = stackalloc byte[SocketName.MaximumLength];
        uint length = SocketName.MaximumLength;
        if (getsockname(descriptor, name, &length) != 0)
            return new BoundAddress();
        var bytes = new ReadOnlySpan<byte>(name, (int)Math.Min(length, SocketName.MaximumLength));
        var (path, abstractName) = SocketAddress.UnixName(bytes);
        return new BoundAddress
        {
            EndPoint = SocketAddress.EndPoint(bytes),
            IsDualStack = SocketOptions.IsDualStack(descriptor),
            Path = path,
            AbstractName = abstractName,
        };
    }

    /// <summary>Whether binding to this address would give the same; never for port 0, which is another one each time.</summary>
    public bool Is(ListenAddress address)
    {
        if (address.IsTcp)
            return address.Port != 0 && EndPoint is not null && EndPoint.Equals(address.Resolve());
        if (address.AbstractName is { } name)
            return name == AbstractName;
        // By the file, too: /run/site.sock and /var/run/site.sock are one.
        return Path is not null && address.Path is not null
            && (Path == address.Path || (FileIdentity.Of(Path) is { } file && file == FileIdentity.Of(address.Path)));
    }

    /// <summary>Whether who is bound here gets all clients of this address: `[::]:80`, which systemd makes of port 80, covers `0.0.0.0:80`.</summary>
    public bool Covers(ListenAddress address)
        => Is(address) || (IsDualStack && address.IsTcp && address.Port != 0 && EndPoint is { } endpoint && endpoint.Port == address.Port
            && endpoint.Address.Equals(IPAddress.IPv6Any) && address.Resolve() is { } wanted && wanted.Address.Equals(IPAddress.Any));

    /// <summary>Whether nobody can bind to this address because this socket is there.</summary>
    public bool Overlaps(ListenAddress address)
    {
        if (EndPoint is not { } endpoint || !address.IsTcp || endpoint.Port != address.Port || address.Resolve() is not { } wanted)
            return false;
        bool sameFamily = endpoint.AddressFamily == wanted.AddressFamily;
        return endpoint.Address.Equals(wanted.Address)
            || IsWildcardFor(endpoint.Address, sameFamily) || IsWildcardFor(wanted.Address, sameFamily);
    }

    private static bool IsWildcardFor(IPAddress address, bool sameFamily)
        => address.Equals(IPAddress.IPv6Any) || (sameFamily && address.Equals(IPAddress.Any));

    public override string ToString() => EndPoint?.ToString() ?? Path ?? "@" + AbstractName;
}
