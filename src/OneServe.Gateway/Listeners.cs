using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>The sockets that the master has this gateway listen on, each with its kind (docs/protocol.md).</summary>
/// <param name="transport">Accepts.</param>
/// <param name="uwsgi">What is spoken on sockets of that kind.</param>
/// <param name="sites">Knows which listeners only redirect.</param>
internal sealed class Listeners(EpollTransport transport, ConnectionProtocol uwsgi, Sites sites)
{
    /// <param name="id">Its number.</param>
    /// <param name="kind">`http`, `https-redirect` or `uwsgi`.</param>
    /// <param name="name">Its address; that of a UNIX socket begins with `/` or `@`.</param>
    /// <param name="socket">The transport owns it from now on.</param>
    public void Add(int id, string kind, string name, SafeDescriptor socket)
    {
        if (kind == "https-redirect")
            sites.Redirect(id);
        transport.AddListener(id, socket, unix: name is ['/' or '@', ..], kind == "uwsgi" ? uwsgi : transport.Http);
    }

    public void Remove(int id) => transport.RemoveListener(id);
}
