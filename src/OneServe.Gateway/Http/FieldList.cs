using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OneServe.Gateway.Http;

/// <summary>The fields of a head, in order of their first mention. A linear search: there are few, and no table has to be made for each request.</summary>
internal sealed class FieldList : IHeaderDictionary
{
    private KeyValuePair<string, StringValues>[] _fields = new KeyValuePair<string, StringValues>[8];

    /// <summary>Content-Length is not counted.</summary>
    public int Count { get; private set; }

    public long? ContentLength { get; set; }

    public bool IsReadOnly => false;

    public ICollection<string> Keys => [.. this.Select(static field => field.Key)];

    public ICollection<StringValues> Values => [.. this.Select(static field => field.Value)];

    /// <summary>The values of a field; none: it is not there.</summary>
    /// <exception cref="InvalidOperationException">What is set could begin a further line.</exception>
    public StringValues this[string key]
    {
        get => TryGetValue(key, out var value) ? value : default;
        set
        {
            Check(key, value);
            if (value.Count == 0)
                RemoveAt(Find(key));
            else
                Put(key, value);
        }
    }

    /// <summary>Sets a field that is only to be looked at, whatever characters it has.</summary>
    public void Show(string name, string value) => Put(name, value);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value)
    {
        int at = Find(key);
        value = at < 0 ? default : _fields[at].Value;
        return at >= 0;
    }

    public bool ContainsKey(string key) => Find(key) >= 0;

    public void Add(string key, StringValues value) => this[key] = StringValues.Concat(this[key], value);

    public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

    public bool Remove(string key) => RemoveAt(Find(key));

    public bool Remove(string key, [MaybeNullWhen(false)] out StringValues value) => TryGetValue(key, out value) && Remove(key);

    public bool Remove(KeyValuePair<string, StringValues> item) => Contains(item) && Remove(item.Key);

    public bool Contains(KeyValuePair<string, StringValues> item) => TryGetValue(item.Key, out var value) && value == item.Value;

    public void Clear()
    {
        Array.Clear(_fields, 0, Count);
        Count = 0;
        ContentLength = null;
    }

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => Array.Copy(_fields, 0, array, arrayIndex, Count);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return _fields[i];
        if (ContentLength is { } length)
            yield return new("Content-Length", length.ToString(CultureInfo.InvariantCulture));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The fields but Content-Length, without the cost of an enumerator.</summary>
    public ReadOnlySpan<KeyValuePair<string, StringValues>> AsSpan() => _fields.AsSpan(0, Count);

    private static void Check(string name, in StringValues values)
    {
        bool isWrong = name.Length == 0 || name.AsSpan().ContainsAny(" :\r\n\0");
        for (int i = 0; i < values.Count; i++)
            isWrong |= values[i].AsSpan().ContainsAny('\r', '\n', '\0');
        if (isWrong)
            throw new InvalidOperationException("A field's name or value has a character that it may not have: " + name);
    }

    private void Put(string name, in StringValues value)
    {
        int at = Find(name);
        if (at < 0)
        {
            if (Count == _fields.Length)
                Array.Resize(ref _fields, 2 * Count);
            at = Count++;
        }
        _fields[at] = new(name, value);
    }

    private int Find(string name)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_fields[i].Key.Length == name.Length && _fields[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return -1;
    }

    private bool RemoveAt(int at)
    {
        if (at < 0)
            return false;
        Count--;
        Array.Copy(_fields, at + 1, _fields, at, Count - at);
        _fields[Count] = default;
        return true;
    }
}
