using Microsoft.AspNetCore.Http;
using OneServe.Configuration;
using OneServe.Gateway.Http.Proxies;

namespace OneServe.Tests.Gateway;

public sealed class ForwardedFieldsTests
{
    private static readonly TrustedProxies Trusted = new(new ProxyOptions
    {
        Addresses = [.. new[] { "127.0.0.0/8", "::1", "10.0.0.0/8", "2001:db8:1::/48" }.Select(text => AddressRange.TryParse(text, out var range) ? range : throw new FormatException(text))],
    });

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", null)]
    [InlineData("203.0.113.7:4711", "203.0.113.7", "4711")]
    [InlineData("2001:db8::7", "2001:db8::7", null)]
    [InlineData("[2001:db8::7]", "2001:db8::7", null)]
    [InlineData("[2001:db8::7]:4711", "2001:db8::7", "4711")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", null)]
    [InlineData("6.6.6.6, 203.0.113.7", "203.0.113.7", null)]
    [InlineData("6.6.6.6, 203.0.113.7, 10.1.2.3", "203.0.113.7", null)]
    [InlineData("6.6.6.6,203.0.113.7 ,10.1.2.3,2001:db8:1::5", "203.0.113.7", null)]
    [InlineData("10.9.9.9, 10.1.2.3", "10.9.9.9", null)]
    [InlineData("203.0.113.7, unknown, 10.1.2.3", "10.1.2.3", null)]
    [InlineData("203.0.113.7, 10.1", null, null)]
    [InlineData("203.0.113.7, 1", null, null)]
    [InlineData("fe80::1%eth0", null, null)]
    [InlineData("unknown", null, null)]
    [InlineData(",", null, null)]
    public void The_client_is_the_last_who_is_no_trusted_proxy(string field, string? address, string? port)
    {
        var client = Read(("X-Forwarded-For", field))!;

        (client.Address, client.Port).Should().Be((address, port));
    }

    [Theory]
    [InlineData("https", "203.0.113.7", "https")]
    [InlineData("HTTPS", "203.0.113.7", "https")]
    [InlineData("http", "203.0.113.7", "http")]
    [InlineData("https, http", "203.0.113.7, 10.1.2.3", "https")]
    [InlineData("http, https", "203.0.113.7", "https")]
    [InlineData("gopher", "203.0.113.7", null)]
    public void The_scheme_is_the_one_beside_the_client(string proto, string clients, string? scheme)
        => Read(("X-Forwarded-For", clients), ("X-Forwarded-Proto", proto))!.Scheme.Should().Be(scheme);

    [Fact]
    public void Host_and_port()
    {
        var client = Read(("X-Forwarded-Host", "shop.example"), ("X-Forwarded-Port", "8443"))!;

        (client.Address, client.Host, client.ServerPort).Should().Be((null, "shop.example", "8443"));
        Read(("X-Forwarded-Port", "0x10"))!.ServerPort.Should().BeNull();
    }

    [Theory]
    [InlineData("shop.example", true)]
    [InlineData("my_shop.example:8443", true)]
    [InlineData("[2001:db8::7]", true)]
    [InlineData("[2001:db8::7]:80", true)]
    [InlineData("203.0.113.7:80", true)]
    [InlineData("shop example", false)]
    [InlineData("evil.example/x", false)]
    [InlineData("shop.example@evil.example", false)]
    [InlineData("\"><script>", false)]
    [InlineData("\u00e9.example", false)]
    [InlineData("shop.example:", false)]
    [InlineData("shop.example:99999", false)]
    [InlineData("shop.example:80:80", false)]
    [InlineData(":80", false)]
    [InlineData("[::1", false)]
    [InlineData("[]", false)]
    [InlineData("[::1]x", false)]
    [InlineData("[fe80::1%1]", false)]
    [InlineData("[shop.example]", false)]
    public void What_is_no_host_is_not_believed(string host, bool isOne)
    {
        Read(("X-Forwarded-Host", host))!.Host.Should().Be(isOne ? host : null);
        Read(("Forwarded", $"host=\"{host.Replace("\"", "\\\"", StringComparison.Ordinal)}\""))!.Host.Should().Be(isOne ? host : null);
    }

    [Theory]
    [InlineData("for=203.0.113.7;proto=https;host=shop.example", "203.0.113.7", null, "https", "shop.example")]
    [InlineData("For=\"[2001:db8::7]:4711\"; Proto=https", "2001:db8::7", "4711", "https", null)]
    [InlineData("for=6.6.6.6;proto=http, for=203.0.113.7;proto=https, for=10.1.2.3;proto=http", "203.0.113.7", null, "https", null)]
    [InlineData("for=203.0.113.7;proto=https, for=_hidden, for=10.1.2.3", "10.1.2.3", null, null, null)]
    [InlineData("for=6.6.6.6;x=\", for=203.0.113.7", null, null, null, null)]
    [InlineData("for=\"6.6.6.6, for=7.7.7.7\", for=203.0.113.7", "203.0.113.7", null, null, null)]
    [InlineData("proto=https", null, null, "https", null)]
    [InlineData("nonsense", null, null, null, null)]
    public void Forwarded_of_RFC_7239(string field, string? address, string? port, string? scheme, string? host)
    {
        var client = Read(("Forwarded", field))!;

        (client.Address, client.Port, client.Scheme, client.Host).Should().Be((address, port, scheme, host));
    }

    [Fact]
    public void Forwarded_counts_only_where_no_other_field_is()
    {
        var client = Read(("Forwarded", "for=6.6.6.6;proto=https"), ("X-Forwarded-For", "203.0.113.7"))!;

        (client.Address, client.Scheme).Should().Be(("203.0.113.7", null));
        Read(("Via", "1.1 proxy")).Should().BeNull();
    }

    private static ForwardedClient? Read(params (string Name, string Value)[] fields)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in fields)
            headers[name] = value;
        return ForwardedFields.Read(headers, Trusted);
    }
}
