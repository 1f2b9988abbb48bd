using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>Open connections of each client address. Any thread.</summary>
internal sealed class AddressCounts
{
    private readonly Dictionary<UInt128, int> _counts = [];

    /// <summary>Counts one more; false when the address has so many already. UNIX sockets have no address and are not counted.</summary>
    /// <param name="most">0: any number.</param>
    public bool TryAdd(in SocketName client, int most)
    {
        if (!client.IsInternet)
            return true;
        lock (_counts)
        {
            int count = _counts.GetValueOrDefault(client.Address);
            if (most > 0 && count >= most)
                return false;
            _counts[client.Address] = count + 1;
            return true;
        }
    }

    public void Remove(in SocketName client)
    {
        if (!client.IsInternet)
            return;
        lock (_counts)
        {
            int count = _counts.GetValueOrDefault(client.Address);
            if (count > 1)
                _counts[client.Address] = count - 1;
            else
                _counts.Remove(client.Address);
        }
    }
}
