using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Makes <see cref="CacheOptions"/> of every `cache2`, which is a list of `key=value`, and of the old `cache`, which is a number of items.</summary>
internal static class CacheBinder
{
    private const int MaxItems = 1 << 24;
    private const int MaxBlockSize = 1 << 28;
    private const int MaxKeySize = 1 << 16;

    /// <summary>Bytes of address space of one cache; memory is taken where something is written.</summary>
    private const long MaxSize = 1L << 40;

    private const string DefaultName = "default";

    public static ImmutableArray<CacheOptions> Bind(IEnumerable<Setting> settings, DiagnosticList diagnostics)
    {
        var caches = ImmutableArray.CreateBuilder<CacheOptions>();
        foreach (Setting setting in settings)
        {
            if (Read(setting, diagnostics) is not { } cache)
            {
                continue;
            }

            if (caches.Any(other => other.Name == cache.Name))
            {
                diagnostics.Error($"there is a cache `{cache.Name}` already", setting.Source, "give it another name");
                continue;
            }

            caches.Add(cache);
        }

        return caches.ToImmutable();
    }

    private static CacheOptions? Read(Setting setting, DiagnosticList diagnostics)
    {
        string name = "";
        long? items = OptionValue.ParseInteger(setting.Value)?.Value;
        long block = 64 * 1024;
        long key = 2048;
        bool evicts = false;
        foreach (string pair in items is null ? setting.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [])
        {
            int equals = pair.IndexOf('=');
            string word = equals < 0 ? pair : pair[..equals];
            string value = equals < 0 ? "1" : pair[(equals + 1)..];
            long? number = OptionValue.ParseInteger(value)?.Value;
            switch (word)
            {
                case "name":
                    name = value;
                    break;
                case "items" or "maxitems" or "max_items":
                    items = number ?? 0;
                    break;
                case "blocksize" or "block_size":
                    block = number ?? 0;
                    break;
                case "keysize" or "key_size":
                    key = number ?? 0;
                    break;
                case "purge_lru" or "lru":
                    evicts = number != 0;
                    break;
                case "hash" or "hashsize" or "hash_size" or "blocks" or "ignore_full" or "sweep_on_full" or "store_sync" or "storesync" or "lastmod":
                    break;
                case "bitmap":
                    diagnostics.Warning(
                        $"`{setting.Name}`: a value of cache `{name}` is one block here",
                        setting.Source,
                        "raise blocksize: memory is taken only where it is used");
                    break;
                case "store" or "sync" or "node" or "nodes" or "udp" or "udp_server" or "udp_servers" or "udpserver" or "udpservers"
                    or "clear_on_full" or "no_expire":
                    diagnostics.Warning(
                        $"`{setting.Name}`: {word} has no effect: cache `{name}` is in memory, on this machine, and lives as long as the server",
                        setting.Source,
                        "use Redis for what has to last or to be shared");
                    break;
                default:
                    diagnostics.Error(
                        $"`{setting.Name}` knows no `{word}`",
                        setting.Source,
                        "cache2 = name=default,items=1000,blocksize=65536,keysize=2048,purge_lru=1");
                    return null;
            }
        }

        bool fits = items is >= 1 and <= MaxItems && block is >= 8 and <= MaxBlockSize && key is >= 1 and <= MaxKeySize && items * (block + key) <= MaxSize;
        if (fits)
        {
            return new CacheOptions
            {
                Name = name.Length == 0 ? DefaultName : name,
                Items = (int)items!,
                BlockSize = (int)block,
                KeySize = (int)key,
                Evicts = evicts,
            };
        }

        diagnostics.Error(
            $"`{setting.Name}` needs items from 1 to {MaxItems}, blocksize from 8 to {MaxBlockSize}, keysize to {MaxKeySize}, and no more than 1 TiB in all",
            setting.Source,
            "cache2 = name=default,items=1000");
        return null;
    }
}
