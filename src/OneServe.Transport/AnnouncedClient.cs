using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>The two ends of the connection that a proxy has taken, in its own words.</summary>
/// <param name="Client">Who connected to the proxy.</param>
/// <param name="Server">What he connected to.</param>
/// <param name="IsSecure">He did so by TLS.</param>
public sealed record AnnouncedClient(SocketName Client, SocketName Server, bool IsSecure);
