using System.Text;

namespace OneServe.StaticFiles;

/// <summary>Which request paths may name a file at all, before any system call.</summary>
internal static class RequestName
{
    /// <summary>PATH_MAX of Linux, its NUL included: longer paths name nothing.</summary>
    public const int LongestPath = 4096;

    /// <summary>
    /// True for a relative name of which every segment may be served: none begins with a dot, so neither `..` nor `.git` nor `.env`; only
    /// `.well-known` (RFC 8615) does. Empty segments are harmless, the kernel skips them; a name that ends with a slash is a directory's.
    /// </summary>
    /// <param name="name">Without leading slashes, one character a byte.</param>
    /// <param name="dotFiles">Names that begin with a dot may be served too; `.` and `..` are no names.</param>
    public static bool IsServable(ReadOnlySpan<char> name, bool dotFiles)
    {
        if (name.IsEmpty || name[^1] == '/' || name.ContainsAnyExceptInRange('\u0001', '\u00FF'))
            return false;
        foreach (var range in name.Split('/'))
        {
            var segment = name[range];
            if (!segment.IsEmpty && segment[0] == '.' && segment is not ".well-known" && (!dotFiles || segment is "." or ".."))
                return false;
        }
        return true;
    }

    /// <summary>The name's bytes.</summary>
    public static byte[] ToBytes(ReadOnlySpan<char> name)
    {
        byte[] bytes = new byte[name.Length];
        Encoding.Latin1.GetBytes(name, bytes);
        return bytes;
    }

    /// <summary>What follows the last slash.</summary>
    public static string FileName(ReadOnlySpan<byte> path) => Encoding.Latin1.GetString(path[(path.LastIndexOf((byte)'/') + 1)..].TrimEnd((byte)0));
}
