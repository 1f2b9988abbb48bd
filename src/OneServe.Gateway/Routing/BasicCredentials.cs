using System.Text;

namespace OneServe.Gateway.Routing;

/// <summary>User and password of an Authorization field (RFC 7617), as octets.</summary>
internal static class BasicCredentials
{
    private const string Scheme = "Basic ";

    public static (string User, string Password)? Read(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        string text = authorization[Scheme.Length..].Trim();
        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
            return null;
        string pair = Encoding.Latin1.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':');
        return colon < 0 ? null : (pair[..colon], pair[(colon + 1)..]);
    }

    /// <summary>The value of WWW-Authenticate.</summary>
    public static string Challenge(string realm) => $"Basic realm=\"{realm.Replace("\\", "\\\\").Replace("\"", "\\\"")}\", charset=\"UTF-8\"";
}
