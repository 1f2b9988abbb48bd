namespace OneServe.Configuration;

/// <summary>One `static-expires` or one of its kin.</summary>
/// <param name="Subject">What the pattern is compared with.</param>
/// <param name="Pattern">A regular expression, found anywhere; a type is compared whole.</param>
/// <param name="Seconds">How long, at least 0.</param>
/// <param name="AfterLastChange">Counted from the file's last change instead of from the answer (`-mtime`).</param>
public sealed record StaticExpiryOptions(StaticExpirySubject Subject, string Pattern, int Seconds, bool AfterLastChange);

/// <summary>What `static-expires` and its kin look at, in the order in which they are asked.</summary>
public enum StaticExpirySubject
{
    /// <summary>The file's path.</summary>
    FilePath,

    /// <summary>The decoded path of the URL.</summary>
    UrlPath,

    /// <summary>The request target as sent, with its query.</summary>
    Url,

    /// <summary>The content type without parameters.</summary>
    ContentType,
}
