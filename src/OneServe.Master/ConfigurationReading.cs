using OneServe.Configuration;

namespace OneServe.Master;

/// <summary>What reading the configuration anew gave.</summary>
/// <param name="Options">Null when it is wrong.</param>
/// <param name="Problems">Why it is wrong, a line each, with file and line.</param>
public sealed record ConfigurationReading(ServerOptions? Options, IReadOnlyList<string> Problems);
