namespace OneServe.Transport;

/// <summary>The limits of time that hold for a sweep over the connections, in ms (rates: bytes a second).</summary>
internal readonly record struct ConnectionClocks(long Silence, long SendRate, long Head, long Hibernate, long KeepAlive);
