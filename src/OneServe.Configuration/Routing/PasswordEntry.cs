using System.Security.Cryptography;
using System.Text;

namespace OneServe.Configuration;

/// <summary>One user of `basicauth`, and what the password has to be. Both as octets, one character each.</summary>
/// <param name="User">The name.</param>
/// <param name="Password">Plain, or as <paramref name="Form"/> says.</param>
/// <param name="Form">How the password is kept.</param>
public sealed record PasswordEntry(string User, string Password, PasswordForm Form)
{
    /// <summary>Does the password fit? The time that it takes tells nothing of how much of it does.</summary>
    public bool Fits(string password)
    {
        string kept = Form switch
        {
            PasswordForm.Sha1 => Sha1(password),
            PasswordForm.Apr1 => Apr1Hash.Of(password, Apr1Hash.SaltOf(Password)),
            _ => password,
        };
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.Latin1.GetBytes(kept)), SHA256.HashData(Encoding.Latin1.GetBytes(Password)));
    }

    /// <summary>The value without a password in it: records print all that they hold.</summary>
    public override string ToString() => User;

    // The form is older than anybody's worry about SHA-1; files have it.
    private static string Sha1(string password) => Convert.ToBase64String(SHA1.HashData(Encoding.Latin1.GetBytes(password)));
}

/// <summary>How a password is kept.</summary>
public enum PasswordForm
{
    Plain,

    /// <summary>`{SHA}`: the base64 of its SHA-1 (htpasswd -s).</summary>
    Sha1,

    /// <summary>`$apr1$`: Apache's thousand rounds of MD5 (htpasswd -m, its default).</summary>
    Apr1,
}
