using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Makes <see cref="ProxyOptions"/> of the settings about proxies.</summary>
internal static class ProxyBinder
{
    private const string Unix = "unix";
    private const string None = "none";
    private const string All = "*";
    private static readonly char[] Separators = [' ', '\t', ','];

    /// <param name="proxies">All mentions of `trusted-proxies`; together they take the place of the default.</param>
    /// <param name="protocol">`enable-proxy-protocol`.</param>
    /// <param name="host">`trust-forwarded-host`.</param>
    /// <param name="diagnostics">Gets what is wrong.</param>
    public static ProxyOptions Bind(IEnumerable<Setting> proxies, bool protocol, bool host, DiagnosticList diagnostics)
    {
        var options = new ProxyOptions { ProxyProtocol = protocol, TrustsHost = host };
        var addresses = ImmutableArray.CreateBuilder<AddressRange>();
        bool any = false;
        bool unix = false;
        foreach (Setting setting in proxies)
        {
            any = true;
            foreach (string word in setting.Value.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
            {
                if (word.Equals(Unix, StringComparison.OrdinalIgnoreCase) || word == All)
                {
                    unix = true;
                }

                if (word == All)
                {
                    addresses.Add(default);     // no bit has to agree
                }
                else if (AddressRange.TryParse(word, out AddressRange range))
                {
                    addresses.Add(range);
                }
                else if (!word.Equals(Unix, StringComparison.OrdinalIgnoreCase) && !word.Equals(None, StringComparison.OrdinalIgnoreCase))
                {
                    diagnostics.Error(
                        $"`{setting.Name}`: {word} is no address", setting.Source, "write addresses, prefixes such as 10.0.0.0/8, `unix`, `*` or `none`");
                }
            }
        }

        return any ? options with { Addresses = addresses.ToImmutable(), TrustsUnix = unix, AreNamed = true } : options;
    }
}
