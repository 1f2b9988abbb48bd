using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OneServe.Configuration;

/// <summary>
/// The `%x` variables of a configuration file. Lower-case letters speak of the file being read, their upper-case variants of the first file
/// that was loaded. Anything unknown is replaced by nothing, so that a percent sign itself is written `%%`.
/// </summary>
internal sealed class MagicVariables
{
    private readonly Dictionary<char, string> _values = [];

    /// <param name="host">The machine and the moment.</param>
    /// <param name="current">The file being read.</param>
    /// <param name="first">The first file loaded (the same one for that file itself).</param>
    public MagicVariables(IConfigurationHost host, ConfigurationFile current, ConfigurationFile first)
    {
        UserIdentity user = host.User;
        TimeSpan time = host.Now - DateTimeOffset.UnixEpoch;
        _values['v'] = host.CurrentDirectory;
        _values['V'] = typeof(MagicVariables).Assembly.GetName().Version?.ToString(3) ?? "";
        _values['h'] = host.HostName;
        _values['k'] = Text(host.ProcessorCount);
        _values['u'] = Text(user.Uid);
        _values['U'] = user.UserName;
        _values['g'] = Text(user.Gid);
        _values['G'] = user.GroupName;
        _values['t'] = Text((long)time.TotalSeconds);
        _values['T'] = Text((long)time.TotalMicroseconds);
        _values['b'] = host.ExecutablePath;
        _values['['] = "\u001b";
        _values['%'] = "%";
        AddFile(current, host, char.ToLowerInvariant);
        AddFile(first, host, char.ToUpperInvariant);
        string[] components = current.Directory.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < Math.Min(components.Length, 10); i++)
        {
            _values[(char)('0' + i)] = components[i];
        }
    }

    /// <summary>What each letter stands for.</summary>
    public ImmutableDictionary<char, string> All => _values.ToImmutableDictionary();

    /// <summary>Expands one raw line. `%(` is kept for the placeholders; so is a percent sign with nothing behind it.</summary>
    public string Expand(string line)
    {
        var result = new StringBuilder(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] != '%' || i + 1 == line.Length || line[i + 1] == '(')
            {
                result.Append(line[i]);
                continue;
            }

            result.Append(_values.GetValueOrDefault(line[++i]));
            if (result.Length > ValueExpander.MaxLength)
            {
                break;
            }
        }

        return result.ToString();
    }

    private void AddFile(ConfigurationFile file, IConfigurationHost host, Func<char, char> cased)
    {
        string name = Path.GetFileName(file.FullPath);
        _values[cased('o')] = file.GivenName;
        _values[cased('p')] = file.FullPath;
        _values[cased('s')] = name;
        _values[cased('n')] = Path.GetFileNameWithoutExtension(name);
        _values[cased('e')] = Path.GetExtension(name).TrimStart('.');
        _values[cased('d')] = file.Directory;
        _values[cased('c')] = Path.GetFileName(file.Directory.TrimEnd('/'));
        _values[cased('x')] = file.RequestedSection ?? "";
        _values[cased('i')] = Text((long)host.GetInode(file.FullPath));
        _values[cased('j')] = PathHash(file.FullPath).ToString("X8", CultureInfo.InvariantCulture);
    }

    /// <summary>Bernstein's hash with exclusive or, over the bytes of the path. uWSGI prints its bytes as they lie in memory, the lowest first.</summary>
    private static uint PathHash(string path)
    {
        uint hash = 5381;
        foreach (byte b in Encoding.UTF8.GetBytes(path))
        {
            hash = ((hash << 5) + hash) ^ b;
        }

        return BinaryPrimitives.ReverseEndianness(hash);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
