using System.Globalization;
using System.Text;

namespace OneServe.Configuration;

/// <summary>
/// `declare-option = name=first=$1;second=$2`: a line `name = a b` stands for `first=a` and `second=b` then. `$0` is the whole value.
/// </summary>
internal sealed class OwnOptions(DiagnosticList diagnostics)
{
    /// <summary>Options that stand for each other grow: what one line becomes has an end.</summary>
    private const int MaxDepth = 8;

    private const int MaxParts = 256;

    private readonly Dictionary<string, string[]> _declared = [];
    private readonly List<string> _open = [];

    public void Declare(Statement statement)
    {
        int equals = statement.Value.IndexOf('=');
        string name = equals < 0 ? "" : statement.Value[..equals].Trim();
        string[] parts = [.. statement.Value[(equals + 1)..].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (name.Length == 0 || parts.Length is 0 or > MaxParts)
        {
            diagnostics.Error($"`{statement.Key}` needs a name and what it stands for", statement.ValueSource, $"{statement.Key} = name=processes=$1;threads=$2");
        }
        else if (OptionTable.Find(name) is not null)
        {
            diagnostics.Error($"`{name}` is an option already", statement.ValueSource, "choose another name");
        }
        else
        {
            _declared[name] = parts;
        }
    }

    /// <summary>What a statement stands for; null when its key was not declared. Take the statements one by one: the reader is inside them meanwhile.</summary>
    public IEnumerable<Statement>? TryExpand(Statement statement)
    {
        if (!_declared.TryGetValue(statement.Key, out string[]? parts))
        {
            return null;
        }

        if (_open.Contains(statement.Key) || _open.Count >= MaxDepth)
        {
            diagnostics.Error($"`{statement.Key}` stands for itself: {string.Join(" → ", _open)} → {statement.Key}", statement.Source);
            return [];
        }

        return Expand(statement, parts);
    }

    private IEnumerable<Statement> Expand(Statement statement, string[] parts)
    {
        string[] words = [statement.Value, .. statement.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        _open.Add(statement.Key);
        foreach (string part in parts)
        {
            int equals = part.IndexOf('=');
            string key = (equals < 0 ? part : part[..equals]).Trim();
            yield return statement with { Key = key, Value = equals < 0 ? "" : Fill(part[(equals + 1)..].Trim(), words) };
        }

        _open.RemoveAt(_open.Count - 1);
    }

    private static string Fill(string text, string[] words)
    {
        var result = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            int length = text[i] == '$' ? text.AsSpan(i + 1).IndexOfAnyExceptInRange('0', '9') : 0;
            length = length < 0 ? text.Length - i - 1 : length;
            if (length == 0 || length > 3)
            {
                result.Append(text[i]);
                continue;
            }

            int number = int.Parse(text.AsSpan(i + 1, length), NumberStyles.None, CultureInfo.InvariantCulture);
            result.Append(number < words.Length ? words[number] : "");
            i += length;
        }

        return result.ToString();
    }
}
