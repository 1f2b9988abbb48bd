namespace OneServe.Configuration;

/// <summary>Options and placeholders in the order in which they were given.</summary>
internal sealed class StatementList
{
    /// <summary>Most statements in a configuration, whatever loops and includes multiply.</summary>
    public const int MaxCount = 50_000;

    /// <summary>Most characters in all values together.</summary>
    public const int MaxCharacters = 8 * 1024 * 1024;

    private readonly List<Statement> _items = [];
    private readonly Dictionary<string, Statement> _first = [];
    private long _characters;

    public IReadOnlyList<Statement> Items => _items;

    /// <summary>The first statement of that key, which is the one that `%(key)` means; null when there is none.</summary>
    public Statement? First(string key) => _first.GetValueOrDefault(key);

    /// <summary>Appends; false when the configuration has become too large.</summary>
    public bool TryAdd(Statement statement)
    {
        _characters += statement.Key.Length + statement.Value.Length;
        if (_items.Count >= MaxCount || _characters > MaxCharacters)
        {
            return false;
        }

        _items.Add(statement);
        _first.TryAdd(statement.Key, statement);
        return true;
    }
}
