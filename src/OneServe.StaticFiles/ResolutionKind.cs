namespace OneServe.StaticFiles;

/// <summary>How the search for a file ended.</summary>
internal enum ResolutionKind
{
    Found,

    /// <summary>No map has a file that may be served: the request is the application's.</summary>
    Missing,

    /// <summary>It could not be told (EMFILE, ENOMEM, EIO …): this says nothing about the file and is not remembered.</summary>
    Unknown,

    /// <summary>The file's bytes are not in the page cache, and the caller must not wait for a disk.</summary>
    Cold,
}
