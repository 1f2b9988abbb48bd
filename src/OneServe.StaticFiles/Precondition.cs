namespace OneServe.StaticFiles;

/// <summary>What the conditional fields of a request come to.</summary>
internal enum Precondition
{
    /// <summary>Go on with the method.</summary>
    Proceed,

    /// <summary>304: the client has the current representation.</summary>
    NotModified,

    /// <summary>412: the client insists on a representation that is not the current one.</summary>
    Failed,
}
