using System.Text;

namespace OneServe.Configuration;

/// <summary>
/// Expands `$(VAR)` and `${VAR}`, then `@(file)` and `@(exec://command)`, then `%(name)` in a value. uWSGI makes one pass for each and leaves alone
/// what an expansion brings in or what is defined further down; here a result is expanded too, so that the order of definitions does not matter.
/// Parentheses inside are balanced, and what is undefined stays as written.
/// </summary>
internal sealed class ValueExpander(
    IReadOnlyDictionary<string, string> environment, IConfigurationHost host, StatementList statements, DiagnosticList diagnostics)
{
    /// <summary>Longest value, in characters, before and after expansion.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Replacements in one value: bounds values that double without growing, such as empty ones.</summary>
    private const int MaxReplacements = 10_000;

    /// <summary>Longest chain of names that refer to each other.</summary>
    private const int MaxChain = 64;

    /// <summary>Deepest nesting of parentheses. Each link of a chain may nest so deep, and each level takes stack.</summary>
    private const int MaxNesting = 16;

    private readonly Dictionary<string, string> _named = [];
    private readonly List<string> _active = [];
    private readonly HashSet<string> _referenced = [];
    private readonly InsertedText _inserted = new(host, diagnostics);
    private Statement? _place;
    private int _replacements;
    private string? _failure;
    private string? _hint;
    private bool _isTold;
    private bool _isDeferred;

    /// <summary>Names used in a `%(…)` so far, whether they exist or not.</summary>
    public IReadOnlySet<string> Referenced => _referenced;

    private bool HasEnded => _failure is not null || _isTold || _isDeferred;

    /// <summary>Expands the value of a statement; that it cannot be expanded is told as an error.</summary>
    /// <param name="statement">As written.</param>
    /// <param name="hasOwnVariables">`${NAME}` means something else in it.</param>
    public Expansion Expand(Statement statement, bool hasOwnVariables = false)
    {
        Expansion result = TryExpand(statement, hasOwnVariables);
        if (result is { Value: null, IsDeferred: false } && !_isTold)
        {
            diagnostics.Error(_failure!, statement.ValueSource, _hint);
        }

        return result;
    }

    /// <summary>The same without a word, but of commands that fail.</summary>
    public Expansion TryExpand(Statement statement, bool hasOwnVariables = false)
    {
        if (!MayExpand(statement.Value))
        {
            return new Expansion(statement.Value);
        }

        _place = statement;
        _replacements = 0;
        (_failure, _hint, _isTold, _isDeferred) = (null, null, false, false);
        _active.Clear();
        string result = ExpandAll(statement.Value, hasOwnVariables);
        return HasEnded ? new Expansion(null, IsDeferred: _failure is null && !_isTold) : new Expansion(result);
    }

    /// <summary>Forgets the values of names: a statement was added that may define or change one.</summary>
    public void Reset() => _named.Clear();

    private static bool MayExpand(string value) =>
        value.Contains("$(", StringComparison.Ordinal) || value.Contains("${", StringComparison.Ordinal)
        || value.Contains("@(", StringComparison.Ordinal) || value.Contains("%(", StringComparison.Ordinal);

    private string ExpandAll(string value, bool hasOwnVariables = false)
    {
        value = Pass(hasOwnVariables ? value : ExpandShellForms(value), '$', FromEnvironment, 0);
        value = Pass(value, '@', FromFile, 0);
        return Pass(value, '%', FromStatements, 0);
    }

    private string Pass(string value, char sigil, Func<string, string?> resolve, int depth)
    {
        int at = Find(value, sigil, 0);
        if (at < 0 || HasEnded)
        {
            return value;
        }

        if (depth > MaxNesting)
        {
            _failure = $"`{sigil}(…)` is nested more than {MaxNesting} deep";
            return value;
        }

        var result = new StringBuilder();
        int copied = 0;
        while (at >= 0 && !HasEnded)
        {
            int close = FindClose(value, at + 2);
            if (close < 0)
            {
                break;
            }

            result.Append(value, copied, at - copied);
            string inner = Pass(value[(at + 2)..close], sigil, resolve, depth + 1);
            string? found = HasEnded ? null : resolve(inner);
            result.Append(found ?? $"{sigil}({inner})");
            copied = close + 1;
            CheckBounds(result.Length + value.Length - copied);
            at = Find(value, sigil, copied);
        }

        return result.Append(value, copied, value.Length - copied).ToString();
    }

    /// <summary>
    /// `${VAR}` and `${VAR:-default}`, which uWSGI leaves to whoever makes the file of a template. A name that is not set and has no default stays
    /// as written.
    /// </summary>
    private string ExpandShellForms(string value)
    {
        int at = value.IndexOf("${", StringComparison.Ordinal);
        if (at < 0)
        {
            return value;
        }

        var result = new StringBuilder();
        int copied = 0;
        for (; at >= 0 && !HasEnded; at = value.IndexOf("${", at, StringComparison.Ordinal))
        {
            int close = value.IndexOf('}', at);
            if (close < 0)
            {
                break;
            }

            string inner = value[(at + 2)..close];
            int divider = inner.IndexOf(":-", StringComparison.Ordinal);
            string? found = environment.GetValueOrDefault(divider < 0 ? inner : inner[..divider]);
            string? text = divider >= 0 && string.IsNullOrEmpty(found) ? inner[(divider + 2)..] : found;
            result.Append(value, copied, at - copied).Append(text ?? value[at..(close + 1)]);
            at = copied = close + 1;
            CheckBounds(result.Length + value.Length - copied);
        }

        return result.Append(value, copied, value.Length - copied).ToString();
    }

    private void CheckBounds(int length)
    {
        if (length > MaxLength)
        {
            _failure ??= $"the value grows beyond {MaxLength / 1024} KiB when it is expanded";
        }
        else if (++_replacements > MaxReplacements)
        {
            _failure ??= $"the value takes more than {MaxReplacements} replacements to expand";
        }
    }

    private string? FromEnvironment(string name) =>
        environment.TryGetValue(name, out string? value) ? Guarded($"$({name})", () => Pass(value, '$', FromEnvironment, 0)) : null;

    /// <summary>Names inside are replaced first: `@(%(base)/token)`.</summary>
    private string? FromFile(string name)
    {
        name = Pass(name, '%', FromStatements, 0);
        if (HasEnded)
        {
            return null;
        }

        Insertion inserted = _inserted.Read(name, _place!);
        (_failure, _hint, _isTold, _isDeferred) = (inserted.Failure, inserted.Hint, inserted.IsTold, inserted.IsDeferred);
        return inserted.Text;
    }

    private string? FromStatements(string expression)
    {
        string[] tokens = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return tokens.Length switch
        {
            0 => null,
            1 => ValueOf(tokens[0]),
            _ => PlaceholderArithmetic.Evaluate(tokens, ValueOf),
        };
    }

    private string? ValueOf(string name)
    {
        _referenced.Add(name);
        if (_named.TryGetValue(name, out string? known))
        {
            return known;
        }

        if (statements.First(name) is not { } statement)
        {
            return null;
        }

        Statement? user = _place;
        _place = statement;
        string value = Guarded($"%({name})", () => ExpandAll(statement.Value));
        _place = user;
        if (!HasEnded)
        {
            _named[name] = value;
        }

        return value;
    }

    private string Guarded(string name, Func<string> expand)
    {
        if (_active.Contains(name) || _active.Count >= MaxChain)
        {
            _failure ??= _active.Contains(name)
                ? $"`{name}` is defined by itself: {string.Join(" → ", _active)} → {name}"
                : $"placeholders refer to each other more than {MaxChain} deep";
            return "";
        }

        _active.Add(name);
        string value = expand();
        _active.RemoveAt(_active.Count - 1);
        return value;
    }

    private static int Find(string value, char sigil, int from)
    {
        for (int at = value.IndexOf(sigil, from); at >= 0 && at + 1 < value.Length; at = value.IndexOf(sigil, at + 1))
        {
            if (value[at + 1] == '(')
            {
                return at;
            }
        }

        return -1;
    }

    private static int FindClose(string value, int from)
    {
        int open = 1;
        for (int i = from; i < value.Length; i++)
        {
            open += value[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (open == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
