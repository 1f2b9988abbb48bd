using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OneServe.FunctionalTests.Harness;

namespace OneServe.FunctionalTests.Nginx;

/// <summary>What of an answer two servers can be compared by: the status, the header fields that mean something, and the body.</summary>
internal sealed class StaticAnswer
{
    /// <summary>Compared as they are, but for the entity tag, of which only its kind counts.</summary>
    private static readonly string[] Names =
    [
        "Content-Type", "Content-Length", "Content-Encoding", "Content-Range", "Last-Modified", "ETag", "Accept-Ranges", "Vary", "Cache-Control", "Location",
        "X-Content-Type-Options", "Allow",
    ];

    private StaticAnswer(SortedDictionary<string, string> fields) => Fields = fields;

    /// <summary>By name; what is absent is not in it. `Status` and `Body` are two of them.</summary>
    public SortedDictionary<string, string> Fields { get; }

    public int Status => int.Parse(this["Status"], CultureInfo.InvariantCulture);

    public string this[string name] => Fields.GetValueOrDefault(name, "");

    public static StaticAnswer Of(HttpReply reply)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Status"] = reply.Status.ToString(CultureInfo.InvariantCulture) };
        foreach (string name in Names)
        {
            if (reply.All(name) is { Length: > 0 } values)
                fields[name] = name == "ETag" ? (values[0].StartsWith("W/", StringComparison.Ordinal) ? "weak" : "strong") : string.Join(", ", values);
        }
        if (fields.GetValueOrDefault("Content-Type") is { } type && type.StartsWith("multipart/byteranges", StringComparison.Ordinal) && reply.Status == 206)
        {
            fields["Body"] = Parts(reply.Text, type[(type.IndexOf("boundary=", StringComparison.Ordinal) + 9)..]);
            fields["Content-Type"] = "multipart/byteranges";
        }
        else if (reply.Body.Length > 0)
        {
            fields["Body"] = $"{reply.Body.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(reply.Body))[..8]}";
        }
        if (reply.Status >= 300)
        {
            // Pages on errors are for people; that there is one is enough. After HEAD its type tells.
            bool hasPage = reply.Body.Length > 0 || fields.ContainsKey("Content-Type");
            Array.ForEach((string[])["Body", "Content-Length", "Content-Type"], name => fields.Remove(name));
            if (hasPage)
                fields["Body"] = "a page";
        }
        if (!reply.Complete)
            fields["Body"] = "cut off";
        return new StaticAnswer(fields);
    }

    /// <summary>The other way round of <see cref="ToString"/>.</summary>
    public static StaticAnswer Parse(string text)
        => new(new SortedDictionary<string, string>(text.Split(" | ").Select(field => field.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]), StringComparer.Ordinal));

    public override string ToString() => string.Join(" | ", Fields.Select(field => $"{field.Key}: {field.Value}"));

    /// <summary>The parts of a multipart body, whatever stands between them.</summary>
    private static string Parts(string body, string boundary)
    {
        var text = new StringBuilder();
        foreach (string part in body.Split("--" + boundary))
        {
            int head = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
                continue;
            string range = part[..head].Split("\r\n").Single(line => line.StartsWith("Content-Range: ", StringComparison.OrdinalIgnoreCase));
            text.Append(CultureInfo.InvariantCulture, $"[{range["Content-Range: ".Length..]} = {part[(head + 4)..].TrimEnd('\r', '\n')}]");
        }
        return text.ToString();
    }
}
