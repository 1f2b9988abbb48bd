using System.Security.Cryptography;
using System.Text;
using OneServe.Configuration;

namespace OneServe.Gateway.Routing;

/// <summary>Who is let in by a `basicauth`.</summary>
internal sealed class PasswordList(IReadOnlyList<PasswordEntry> entries)
{
    /// <summary>Of the last credentials that fitted: a browser sends them with every request, and each check may take a third of a millisecond.</summary>
    private const int Remembered = 256;

    private readonly HashSet<string> _fitted = [];

    // Equal credentials are found without keeping passwords in memory.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The list of a `basicauth`. A file that has become unreadable since the master looked lets nobody in.</summary>
    public static PasswordList Of(RouteAction.BasicAuth auth)
    {
        if (auth.File is not { } file)
            return new PasswordList(auth.Entries);
        try
        {
            return new PasswordList(PasswordFile.Read(File.ReadAllBytes(file), static (_, _) => { }));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new PasswordList([]);
        }
    }

    public bool Admits(string user, string password)
    {
        string mark = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.Latin1.GetBytes($"{user}:{password}")));
        if (_fitted.Contains(mark))
            return true;
        foreach (var entry in entries)
        {
            if (entry.User != user || !entry.Fits(password))
                continue;
            if (_fitted.Count >= Remembered)
                _fitted.Clear();
            _fitted.Add(mark);
            return true;
        }
        return false;
    }
}
