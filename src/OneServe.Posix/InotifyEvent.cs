namespace OneServe.Posix;

/// <summary>Something has happened in a watched directory.</summary>
/// <param name="Watch">The watch's number; -1 with <see cref="InotifyEvents.Overflow"/>.</param>
/// <param name="Events">What.</param>
/// <param name="Name">To which name in it; empty: to the directory itself.</param>
public readonly record struct InotifyEvent(int Watch, InotifyEvents Events, string Name);
