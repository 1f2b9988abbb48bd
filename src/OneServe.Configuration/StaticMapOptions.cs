namespace OneServe.Configuration;

/// <summary>One `static-map`, or what is another way to write one.</summary>
/// <param name="Prefix">URL prefix, beginning with `/`.</param>
/// <param name="Target">Directory or file, absolute (relative ones are taken from `chdir`).</param>
/// <param name="Setting">Where it was written.</param>
/// <param name="AppendsWholePath">The whole URL path is appended to the target, the prefix included (`static-map2`).</param>
public sealed record StaticMapOptions(string Prefix, string Target, Setting Setting, bool AppendsWholePath = false);
