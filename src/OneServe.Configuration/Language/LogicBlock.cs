namespace OneServe.Configuration;

/// <summary>
/// An open `if-…` or `for…`. Blocks are flat: there is at most one open, and any of the `end…` words closes it. A loop works line by line:
/// each line in it is repeated for every item before the next line is looked at.
/// </summary>
/// <param name="Opener">The statement that opened it.</param>
/// <param name="Items">
/// What `%(_)` stands for, once for each time that a line in the block takes effect; empty: lines in the block take no effect;
/// a null item: they do, and `%(_)` stays as written.
/// </param>
internal sealed record LogicBlock(Statement Opener, IReadOnlyList<string?> Items)
{
    /// <summary>Most rounds of a loop.</summary>
    public const int MaxItems = 10_000;

    private static readonly HashSet<string> EndWords = ["end", "endif", "end-if", "endfor", "end-for"];

    public static bool IsEnd(string key) => EndWords.Contains(key);

    /// <summary>The statements that a line in this block stands for.</summary>
    public IEnumerable<Statement> Repeat(Statement line) => Items.Select(item =>
        item is null ? line : line with { Value = line.Value.Replace("%(_)", item, StringComparison.Ordinal) });
}
