using System.Security.Cryptography;
using System.Text;

namespace OneServe.Configuration;

/// <summary>Apache's form of the MD5 crypt: `$apr1$SALT$HASH`, which htpasswd makes unless told otherwise.</summary>
internal static class Apr1Hash
{
    public const string Prefix = "$apr1$";

    private const int Rounds = 1000;
    private const int MaxSalt = 8;
    private const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Which bytes of the digest stand together in a group of letters, the last group being of one byte.</summary>
    private static readonly int[] Order = [0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5];

    private const int LastByte = 11;

    public static string SaltOf(string hash)
    {
        string rest = hash[Prefix.Length..];
        int end = rest.IndexOf('$');
        string salt = end < 0 ? rest : rest[..end];
        return salt[..Math.Min(salt.Length, MaxSalt)];
    }

    public static string Of(string password, string salt)
    {
        byte[] word = Encoding.Latin1.GetBytes(password);
        byte[] grain = Encoding.Latin1.GetBytes(salt);
        byte[] digest = Begin(word, grain);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] first = (round & 1) != 0 ? word : digest;
            byte[] last = (round & 1) != 0 ? digest : word;
            digest = MD5.HashData([.. first, .. round % 3 != 0 ? grain : [], .. round % 7 != 0 ? word : [], .. last]);
        }

        return $"{Prefix}{salt}${Letters(digest)}";
    }

    private static byte[] Begin(byte[] word, byte[] grain)
    {
        byte[] other = MD5.HashData([.. word, .. grain, .. word]);
        List<byte> text = [.. word, .. Encoding.ASCII.GetBytes(Prefix), .. grain];
        for (int left = word.Length; left > 0; left -= other.Length)
        {
            text.AddRange(other[..Math.Min(left, other.Length)]);
        }

        for (int bits = word.Length; bits > 0; bits >>= 1)
        {
            text.Add((bits & 1) != 0 ? (byte)0 : word[0]);
        }

        return MD5.HashData([.. text]);
    }

    private static string Letters(byte[] digest)
    {
        var text = new StringBuilder();
        for (int i = 0; i < Order.Length; i += 3)
        {
            Add((digest[Order[i]] << 16) | (digest[Order[i + 1]] << 8) | digest[Order[i + 2]], 4);
        }

        Add(digest[LastByte], 2);
        return text.ToString();

        void Add(int value, int letters)
        {
            for (int i = 0; i < letters; i++, value >>= 6)
            {
                text.Append(Digits[value & 0x3F]);
            }
        }
    }
}
