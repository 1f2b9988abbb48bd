namespace OneServe.StaticFiles;

/// <summary>What an <see cref="ExpiryRule"/> looks at, in the order in which they are asked.</summary>
public enum ExpirySubject
{
    /// <summary>The path of the file.</summary>
    FilePath,

    /// <summary>The decoded path of the URL.</summary>
    UrlPath,

    /// <summary>The request target as sent, with its query.</summary>
    Url,

    /// <summary>The content type without parameters.</summary>
    ContentType,
}
