namespace OneServe.StaticFiles;

/// <summary>One `static-map`: what lies under a URL prefix.</summary>
/// <param name="Prefix">URL prefix, beginning with `/`; it matches whole path segments.</param>
/// <param name="Target">Directory or file; a relative path is taken from the current directory.</param>
public sealed record StaticMap(string Prefix, string Target);
