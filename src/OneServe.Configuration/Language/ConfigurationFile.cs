namespace OneServe.Configuration;

/// <summary>A configuration file as it was asked for.</summary>
/// <param name="GivenName">The path as written.</param>
/// <param name="FullPath">Absolute, without `.` and `..`; links are not followed.</param>
/// <param name="RequestedSection">The section asked as `file.ini:section`; null when none was.</param>
internal sealed record ConfigurationFile(string GivenName, string FullPath, string? RequestedSection)
{
    /// <summary>The section that is read when none is asked for.</summary>
    public const string DefaultSection = "uwsgi";

    public string Section => RequestedSection ?? DefaultSection;

    /// <summary>The directory of the file, ending with a slash.</summary>
    public string Directory => FullPath[..(FullPath.LastIndexOf('/') + 1)];
}
