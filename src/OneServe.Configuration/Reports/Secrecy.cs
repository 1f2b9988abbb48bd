namespace OneServe.Configuration;

/// <summary>What is not shown to whoever may see a configuration, a log of a build, a screen.</summary>
public static class Secrecy
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mask = "********";

    private static readonly string[] SecretWords =
    [
        "secret", "password", "passwd", "passphrase", "token", "credential", "private", "apikey", "api_key", "api-key", "access_key", "access-key",
        "auth_key", "auth-key", "signing_key", "encryption_key", "cookie_key", "salt", "dsn", "database_url", "broker_url", "redis_url", "_pwd", "_pass",
    ];

    /// <summary>Options whose text holds a password.</summary>
    private static readonly string[] SecretActions = ["basicauth:"];

    /// <summary>The value of a setting or a placeholder as it may be shown.</summary>
    /// <param name="name">The key; of `env` the variable's name counts.</param>
    /// <param name="value">The whole value.</param>
    public static string Show(string name, string value)
    {
        int equals = name is "env" or "set" or "set-placeholder" or "set-ph" ? value.IndexOf('=') : -1;
        if (equals > 0)
        {
            return $"{value[..(equals + 1)]}{Show(value[..equals].Trim(), value[(equals + 1)..])}";
        }

        if (value.Length > 0 && LooksSecret(name))
        {
            return Mask;
        }

        foreach (string action in SecretActions)
        {
            // basicauth:Realm,user:password; a file of passwords has no colon behind the comma.
            int at = value.IndexOf(action, StringComparison.Ordinal);
            int comma = at < 0 ? -1 : value.IndexOf(',', at);
            if (comma > 0 && value.IndexOf(':', comma) is > 0 and var colon)
            {
                return value[..(colon + 1)] + Mask;
            }
        }

        return WithoutPassword(value);
    }

    /// <summary>Does the name say that its value is a secret?</summary>
    public static bool LooksSecret(string name)
    {
        string lower = name.ToLowerInvariant();
        return SecretWords.Any(lower.Contains) || lower is "key" or "pass" or "pwd" || lower.EndsWith("_key", StringComparison.Ordinal);
    }

    /// <summary>`scheme://user:password@host`: the password goes.</summary>
    private static string WithoutPassword(string value)
    {
        int scheme = value.IndexOf("://", StringComparison.Ordinal);
        int at = scheme < 0 ? -1 : value.IndexOf('@', scheme);
        int colon = at < 0 ? -1 : value.IndexOf(':', scheme + 3);
        return colon > 0 && colon < at ? value[..(colon + 1)] + Mask + value[at..] : value;
    }
}
