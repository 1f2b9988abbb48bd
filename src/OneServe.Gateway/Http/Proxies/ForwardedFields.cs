using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OneServe.Posix;

namespace OneServe.Gateway.Http.Proxies;

/// <summary>
/// Reads X-Forwarded-For, -Proto, -Host and -Port, or Forwarded (RFC 7239) where there is none of them. A list is read from its end, which the nearest proxy
/// has written, as far as those who wrote are trusted: what stands before that anybody may have made up.
/// </summary>
internal static class ForwardedFields
{
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string HostName = "X-Forwarded-Host";
    private const string PortName = "X-Forwarded-Port";

    /// <summary>RFC 3986, 2.3: what names of hosts are made of.</summary>
    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~");

    /// <summary>Null: the fields say nothing.</summary>
    public static ForwardedClient? Read(IHeaderDictionary fields, TrustedProxies trusted)
    {
        var clients = fields[For];
        var scheme = fields[Proto];
        var host = fields[HostName];
        var port = fields[PortName];
        if (clients.Count == 0 && scheme.Count == 0 && host.Count == 0 && port.Count == 0)
            return fields["Forwarded"] is { Count: > 0 } forwarded ? ReadStandard(ForwardedElement.Parse(forwarded), trusted) : null;

        var hops = Items(clients);
        int chosen = Choose(hops.Length, index => hops[index], trusted, out var client);
        return new ForwardedClient
        {
            Address = client?.Address.ToString(),
            Port = client is { Port: > 0 and var number } ? number.ToString(CultureInfo.InvariantCulture) : null,
            Scheme = SchemeOf(Beside(Items(scheme), chosen, hops.Length)),
            Host = HostOf(Beside(Items(host), chosen, hops.Length)),
            ServerPort = PortOf(Beside(Items(port), chosen, hops.Length)),
        };
    }

    private static ForwardedClient ReadStandard(List<ForwardedElement> elements, TrustedProxies trusted)
    {
        int chosen = Choose(elements.Count, index => elements[index].For, trusted, out var client);
        var element = elements.Count == 0 ? default : elements[chosen < 0 ? ^1 : chosen];
        return new ForwardedClient
        {
            Address = client?.Address.ToString(),
            Port = client is { Port: > 0 and var number } ? number.ToString(CultureInfo.InvariantCulture) : null,
            Scheme = SchemeOf(element.Proto),
            Host = HostOf(element.Host),
        };
    }

    /// <summary>The index of the client among the hops: the last one that is no trusted proxy, or the first one when all are; -1: there is none.</summary>
    private static int Choose(int count, Func<int, string?> hop, TrustedProxies trusted, out IPEndPoint? client)
    {
        client = null;
        int chosen = -1;
        for (int index = count - 1; index >= 0; index--)
        {
            // `unknown`, a made-up name, garbage: whoever wrote it is the last one that is known.
            if (!TryParse(hop(index), out var address))
                break;
            (client, chosen) = (address, index);
            if (!trusted.Contains(SocketName.Of(address!.Address.GetAddressBytes(), 0)))
                break;
        }
        return chosen;
    }

    /// <summary>The value that was written with the chosen hop where each hop wrote one; else the nearest proxy's.</summary>
    private static string? Beside(string[] values, int chosen, int hops)
        => values.Length == 0 ? null : values.Length == hops && chosen >= 0 ? values[chosen] : values[^1];

    /// <summary>`1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]`, `[::1]:5`.</summary>
    private static bool TryParse(string? text, out IPEndPoint? endpoint)
    {
        endpoint = null;
        if (string.IsNullOrEmpty(text) || text.Contains('%') || (!text.Contains(':') && text.Count(static c => c == '.') != 3))
            return false;
        if (!IPEndPoint.TryParse(text, out var parsed) && !(IPAddress.TryParse(text, out var address) && (parsed = new IPEndPoint(address, 0)) is not null))
            return false;
        endpoint = parsed!.Address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } mapped
            ? new IPEndPoint(mapped.MapToIPv4(), parsed.Port)
            : parsed;
        return true;
    }

    private static string[] Items(StringValues field)
        => field.Count == 0 ? [] : field.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? SchemeOf(string? text) => text?.ToLowerInvariant() switch
    {
        "https" or "wss" or "on" => "https",
        "http" or "ws" => "http",
        _ => null,
    };

    /// <summary>What a client has made up, and a proxy has handed on unread, is no host: it would be part of the addresses that are made of it.</summary>
    private static string? HostOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        int end = text[0] == '[' ? text.IndexOf(']') + 1 : text.AsSpan().IndexOfAnyExcept(NameLetters) is var at and >= 0 ? at : text.Length;
        bool isHost = end > 0 && (text[0] != '[' || (IPAddress.TryParse(text.AsSpan(0, end), out _) && !text.AsSpan(0, end).Contains('%')));
        return isHost && (end == text.Length || (text[end] == ':' && PortOf(text[(end + 1)..]) is not null)) ? text : null;
    }

    private static string? PortOf(string? text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0 ? text : null;
}
