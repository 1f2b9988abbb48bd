using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>A media type as sent.</summary>
/// <param name="Value">The value of Content-Type.</param>
/// <param name="IsCompressed">True when the format is compressed already, so that nobody makes `.gz` siblings of it and none are looked for.</param>
internal sealed record ContentType(StringValues Value, bool IsCompressed);
