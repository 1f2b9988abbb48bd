using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OneServe.Gateway.Routing;

/// <summary>
/// Requests of each client address: a bucket of so many, into which so many a second flow. A network of IPv6 that one customer has (/64) is one
/// address: it has more of them than any table could hold. Any thread.
/// </summary>
internal sealed class RequestRate(double perSecond, int burst)
{
    /// <summary>Addresses at a time, about 4 MiB. When more come at once, all begin anew.</summary>
    private const int MostAddresses = 65_536;

    private const int ClientPrefix = 8; // bytes of an IPv6 address

    private readonly Dictionary<UInt128, Bucket> _buckets = [];

    public int Addresses
    {
        get
        {
            lock (_buckets)
                return _buckets.Count;
        }
    }

    /// <summary>Takes one request; false: it is too many.</summary>
    /// <param name="wait">Seconds after which there is room for one, at least 1.</param>
    public bool TryTake(string address, long now, out int wait)
    {
        wait = 0;
        // A UNIX socket's client is a proxy, and would be everybody.
        if (address.Length == 0)
            return true;
        var key = KeyOf(address);
        lock (_buckets)
            return TryTake(key, now, out wait);
    }

    /// <summary>Forgets those whose buckets are full again.</summary>
    public void Trim(long now)
    {
        lock (_buckets)
            ForgetFull(now);
    }

    private bool TryTake(UInt128 key, long now, out int wait)
    {
        wait = 0;
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            if (_buckets.Count >= MostAddresses)
                MakeRoom(now);
            bucket = new Bucket(burst, now);
        }
        double level = Level(bucket, now);
        bool fits = level >= 1;
        _buckets[key] = new Bucket(fits ? level - 1 : level, now);
        if (!fits)
            wait = (int)Math.Max(1, Math.Ceiling((1 - level) / perSecond));
        return fits;
    }

    private void ForgetFull(long now)
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (Level(bucket, now) >= burst)
                _buckets.Remove(key);
        }
    }

    private void MakeRoom(long now)
    {
        ForgetFull(now);
        // Not one by one: each new address would look through all.
        if (_buckets.Count > MostAddresses / 2)
            _buckets.Clear();
    }

    private double Level(Bucket bucket, long now) => Math.Min(burst, bucket.Level + ((now - bucket.Time) / 1000.0 * perSecond));

    private static UInt128 KeyOf(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
            return 0;
        Span<byte> bytes = stackalloc byte[16];
        parsed.MapToIPv6().TryWriteBytes(bytes, out _);
        if (parsed.AddressFamily == AddressFamily.InterNetworkV6 && !parsed.IsIPv4MappedToIPv6)
            bytes[ClientPrefix..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>What was in it at a time, ms.</summary>
    private readonly record struct Bucket(double Level, long Time);
}
