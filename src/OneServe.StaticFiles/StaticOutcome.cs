namespace OneServe.StaticFiles;

/// <summary>What a <see cref="StaticFileCache"/> says to a request.</summary>
public enum StaticOutcome
{
    /// <summary>Not static: the request is the application's.</summary>
    NotStatic,

    /// <summary>Answered: the caller sends the response and then calls <see cref="StaticResponse.Release"/>.</summary>
    Answered,

    /// <summary>The disk has to be asked: <see cref="StaticFileCache.Warm"/> on a thread that may wait, then ask again.</summary>
    Cold,

    /// <summary>A file is there, most likely, and cannot be opened now: the process is out of descriptors, say. 404 would be wrong, and perhaps kept.</summary>
    Unavailable,
}
