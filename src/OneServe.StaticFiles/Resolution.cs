namespace OneServe.StaticFiles;

/// <summary>What a path names, with the looks at the file system that say so.</summary>
/// <param name="Kind">How the search ended.</param>
/// <param name="File">The file, when found.</param>
/// <param name="Probes">What the finding rests on.</param>
/// <param name="IsSettled">
/// False when a file was changed so shortly before it was read that a change since may carry the same time stamp: it is read again at the next
/// check instead of compared.
/// </param>
internal readonly record struct Resolution(ResolutionKind Kind, StaticFile? File, Probe[] Probes, bool IsSettled)
{
    /// <summary>Without probes: a miss is looked up anew instead of compared.</summary>
    public static readonly Resolution Missing = new(ResolutionKind.Missing, null, [], IsSettled: false);
}
