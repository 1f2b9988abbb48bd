namespace OneServe.StaticFiles;

/// <summary>One `static-map`: what lies under a URL prefix.</summary>
/// <param name="Prefix">URL prefix, beginning with `/`; it matches whole path segments.</param>
/// <param name="Target">Directory or file; a relative path is taken from the current directory.</param>
/// <param name="AppendsWholePath">The whole URL path is a name beneath the target, not only what follows the prefix (`static-map2`).</param>
public sealed record StaticMap(string Prefix, string Target, bool AppendsWholePath = false);
