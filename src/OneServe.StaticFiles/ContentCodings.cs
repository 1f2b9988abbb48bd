using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>Content negotiation by Accept-Encoding (RFC 9110 §12.5.3).</summary>
internal static class ContentCodings
{
    /// <summary>Number of codings that are not identity.</summary>
    public const int Siblings = (int)ContentCoding.Identity;

    private const int Unmentioned = -1;
    private const int Full = 1000;

    private static readonly string[] Names = ["br", "zstd", "gzip"];
    private static readonly StringValues[] Values = ["br", "zstd", "gzip", StringValues.Empty];
    private static readonly byte[][] FileSuffixes = [".br"u8.ToArray(), ".zst"u8.ToArray(), ".gz"u8.ToArray(), []];

    /// <summary>The value of Content-Encoding.</summary>
    public static StringValues HeaderValue(ContentCoding coding) => Values[(int)coding];

    /// <summary>What a sibling's file name ends with; nothing for identity.</summary>
    public static ReadOnlySpan<byte> FileSuffix(ContentCoding coding) => FileSuffixes[(int)coding];

    /// <summary>Sets apart the entity tags of a file's codings.</summary>
    public static string TagSuffix(ContentCoding coding) => coding == ContentCoding.Identity ? "" : "-" + Names[(int)coding];

    /// <summary>
    /// The coding that the client weighs highest among those that exist; <see cref="ContentCoding.Identity"/> when it wants none of them. A client
    /// that excludes identity as well gets identity: an answer it may use is better than 406.
    /// </summary>
    /// <param name="accept">The Accept-Encoding fields.</param>
    /// <param name="existing">Which siblings exist, by <see cref="ContentCoding"/>.</param>
    public static ContentCoding Choose(StringValues accept, ReadOnlySpan<bool> existing)
    {
        Span<int> weights = [Unmentioned, Unmentioned, Unmentioned, Unmentioned];
        int others = Unmentioned;
        for (int i = 0; i < accept.Count; i++)
            Weigh(accept[i], weights, ref others);

        int best = 0;
        var choice = ContentCoding.Identity;
        for (int i = 0; i < Siblings; i++)
        {
            int weight = existing[i] ? Math.Max(weights[i] == Unmentioned ? others : weights[i], 0) : 0;
            if (weight <= best)
                continue;
            best = weight;
            choice = (ContentCoding)i;
        }
        // Identity wins only where the client says so: unmentioned, it is acceptable but not asked for.
        return weights[(int)ContentCoding.Identity] > best ? ContentCoding.Identity : choice;
    }

    private static void Weigh(ReadOnlySpan<char> field, Span<int> weights, ref int others)
    {
        foreach (var range in field.Split(','))
        {
            var element = field[range];
            int semicolon = element.IndexOf(';');
            var name = (semicolon < 0 ? element : element[..semicolon]).Trim(" \t");
            if (name.IsEmpty)
                continue;
            int weight = semicolon < 0 ? Full : Weight(element[(semicolon + 1)..]);
            if (name is "*")
                others = weight;
            else if (Find(name) is var coding and >= 0)
                weights[coding] = weight;
        }
    }

    private static int Find(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < Siblings; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
                return i;
        }
        if (name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase)) // RFC 9110 §8.4.1.3
            return (int)ContentCoding.Gzip;
        return name.Equals("identity", StringComparison.OrdinalIgnoreCase) ? (int)ContentCoding.Identity : -1;
    }

    /// <summary>
    /// A weight in thousandths (RFC 9110 §12.4.2); one that is not valid counts as 0, since a coding that the client may not read is the worse error.
    /// </summary>
    private static int Weight(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim(" \t");
        if (parameter.Length is < 3 or > 7 || parameter[0] is not ('q' or 'Q') || parameter[1] != '=' || parameter[2] is not ('0' or '1'))
            return 0;
        int weight = (parameter[2] - '0') * Full;
        if (parameter.Length == 3)
            return weight;
        if (parameter[3] != '.')
            return 0;
        int place = Full / 10;
        foreach (char digit in parameter[4..])
        {
            if (!char.IsAsciiDigit(digit))
                return 0;
            weight += (digit - '0') * place;
            place /= 10;
        }
        return weight <= Full ? weight : 0;
    }
}
