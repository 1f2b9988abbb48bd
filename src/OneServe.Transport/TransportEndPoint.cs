using System.Net;

namespace OneServe.Transport;

/// <summary>The one endpoint that Kestrel knows; its listening sockets come and go behind it.</summary>
public sealed class TransportEndPoint : EndPoint
{
    public override string ToString() => "oneserve";
}
