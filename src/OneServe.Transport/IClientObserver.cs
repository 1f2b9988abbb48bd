namespace OneServe.Transport;

/// <summary>Wants to know when the client of a request in work leaves.</summary>
public interface IClientObserver
{
    /// <summary>
    /// Called on the connection's loop while a request is out: once when the client has ended its writing half
    /// (<see cref="ClientConnection.IsHalfClosed"/>; it may still read the answer), and once when the connection is gone altogether.
    /// </summary>
    void ClientGone();
}
