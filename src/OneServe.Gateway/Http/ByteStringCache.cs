using System.Text;

namespace OneServe.Gateway.Http;

/// <summary>
/// Strings for header names and values that applications send again and again, found by their bytes. Direct-mapped and so bounded: a newcomer
/// takes the place of whoever hashes alike.
/// </summary>
internal sealed class ByteStringCache
{
    private const int Entries = 1024;
    private const int LongestKept = 96;

    private readonly byte[]?[] _keys = new byte[]?[Entries];
    private readonly string[] _values = new string[Entries];

    /// <summary>The text of UTF-8 bytes.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept)
            return Encoding.UTF8.GetString(utf8);
        uint hash = 2166136261; // FNV-1a: short keys, no setup
        foreach (byte b in utf8)
            hash = (hash ^ b) * 16777619;
        uint index = (hash ^ (hash >> 15)) % Entries;
        if (_keys[index] is { } key && utf8.SequenceEqual(key))
            return _values[index];
        string text = Encoding.UTF8.GetString(utf8);
        _keys[index] = utf8.ToArray();
        _values[index] = text;
        return text;
    }
}
