using System.Text;
using System.Text.Json;

namespace OneServe.FunctionalTests.Harness;

/// <summary>One answer as it came over the wire.</summary>
/// <param name="Head">Status line and headers, as received, without the empty line.</param>
/// <param name="Complete">False when the connection ended before the body was whole.</param>
internal sealed record HttpReply(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, string Head, bool Complete)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The first header of that name, null when there is none.</summary>
    public string? this[string name] => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public string[] All(string name) =>
        [.. Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];

    public JsonElement Json() => JsonDocument.Parse(Body).RootElement;
}
