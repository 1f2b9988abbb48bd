using System.Collections.Immutable;
using System.Text;

namespace OneServe.Configuration;

/// <summary>A file of htpasswd: `user:password` a line.</summary>
public static class PasswordFile
{
    /// <summary>Reads the text of a file, one character an octet.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="problem">Told of each line that cannot be used: its number, and why.</param>
    public static ImmutableArray<PasswordEntry> Read(ReadOnlySpan<byte> bytes, Action<int, string> problem)
    {
        var entries = ImmutableArray.CreateBuilder<PasswordEntry>();
        int number = 0;
        foreach (string raw in Encoding.Latin1.GetString(bytes).Split('\n'))
        {
            number++;
            string line = raw.TrimEnd('\r');
            int colon = line.IndexOf(':');
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            if (colon <= 0)
            {
                problem(number, "there is no user:password");
                continue;
            }

            string user = line[..colon];
            // htpasswd itself keeps what follows a second colon; nobody compares it.
            string password = line[(colon + 1)..].Split(':')[0];
            if (Entry(user, password) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                problem(number, $"the password of {user} is {Name(password)}; this server reads $apr1$ (htpasswd -m) and {{SHA}} (htpasswd -s)");
            }
        }

        return entries.ToImmutable();
    }

    private static PasswordEntry? Entry(string user, string password)
    {
        if (password.StartsWith(Apr1Hash.Prefix, StringComparison.Ordinal))
        {
            return new PasswordEntry(user, password, PasswordForm.Apr1);
        }

        if (password.StartsWith("{SHA}", StringComparison.Ordinal))
        {
            return new PasswordEntry(user, password["{SHA}".Length..], PasswordForm.Sha1);
        }

        return password.StartsWith("{PLAIN}", StringComparison.Ordinal) ? new PasswordEntry(user, password["{PLAIN}".Length..], PasswordForm.Plain) : null;
    }

    private static string Name(string password) => password switch
    {
        ['$', '2', ..] => "a bcrypt hash ($2…)",
        ['$', '1', '$', ..] => "an MD5 crypt hash ($1$)",
        ['$', '5', '$', ..] => "a SHA-256 crypt hash ($5$)",
        ['$', '6', '$', ..] => "a SHA-512 crypt hash ($6$)",
        ['$', 'y', '$', ..] => "a yescrypt hash ($y$)",
        _ => "a DES crypt hash, or in the clear",
    };
}
