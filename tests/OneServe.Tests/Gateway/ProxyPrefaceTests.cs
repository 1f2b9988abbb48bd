using System.Text;
using OneServe.Configuration;
using OneServe.Gateway.Http.Proxies;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Tests.Gateway;

public sealed class ProxyPrefaceTests
{
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    private static readonly ProxyPreface Preface = new(() => new TrustedProxies(new ProxyOptions { ProxyProtocol = true }), static (_, _) => default);

    public static TheoryData<string, string> Complete => new()
    {
        { "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\n", "203.0.113.7:4711 -> 192.0.2.1:443" },
        { "PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n", "2001:db8::7:4711 -> 2001:db8::1:443" },
        { "PROXY UNKNOWN\r\n", "nobody" },
        { "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", "nobody" },
        { Binary(0x21, 0x11, "\u00cb\0\u0071\u0007\u00c0\0\u0002\u0001\u0012\u0067\u0001\u00bb"), "203.0.113.7:4711 -> 192.0.2.1:443" },
        {
            Binary(0x21, 0x21, " \u0001\r\u00b8" + new string('\0', 11) + "\u0007 \u0001\r\u00b8" + new string('\0', 11) + "\u0001\u0012\u0067\u0001\u00bb"),
            "2001:db8::7:4711 -> 2001:db8::1:443"
        },
        {
            Binary(0x21, 0x11, "\u00cb\0\u0071\u0007\u00c0\0\u0002\u0001\u0012\u0067\u0001\u00bb\u0003\0\u0001x\u0020\0\u0005\u0001\0\0\0\0"),
            "203.0.113.7:4711 -> 192.0.2.1:443 secure"
        },
        { Binary(0x20, 0x00, ""), "nobody" },
        { Binary(0x21, 0x31, new string('x', 216)), "nobody" },
        { Binary(0x21, 0x12, new string('x', 12)), "nobody" },
    };

    [Theory]
    [MemberData(nameof(Complete))]
    public void A_complete_header_names_both_ends_and_its_length(string header, string expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(header + "GET / HTTP/1.1");

        Preface.Examine(bytes, out var announced, out int length).Should().Be(InputVerdict.Pass);

        length.Should().Be(header.Length);
        Describe(announced).Should().Be(expected);
        for (int part = 1; part < header.Length; part++)
            Preface.Examine(bytes.AsSpan(0, part), out _, out _).Should().Be(InputVerdict.Incomplete, $"{part} bytes");
    }

    public static TheoryData<string> Wrong =>
    [
        "GET / HTTP/1.1\r\n",
        "PROXX",
        "PROXY TCP4 203.0.113.7 192.0.2.1 4711\r\n",
        "PROXY TCP4 203.0.113.300 192.0.2.1 4711 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 99999 443\r\n",
        "PROXY UDP4 203.0.113.7 192.0.2.1 4711 443\r\n",
        "PROXY TCP4  203.0.113.7 192.0.2.1 4711 443\r\n",
        "PROXY TCP4 2001:db8::7 192.0.2.1 4711 443\r\n",
        "PROXY TCP6 203.0.113.7 2001:db8::1 4711 443\r\n",
        "PROXY TCP4 0x7f.1 192.0.2.1 4711 443\r\n",
        "PROXY TCP4 010.0.0.1 192.0.2.1 4711 443\r\n",
        "PROXY TCP4 1 192.0.2.1 4711 443\r\n",
        "PROXY TCP6 [2001:db8::7] 2001:db8::1 4711 443\r\n",
        "PROXY TCP6 fe80::7%1 2001:db8::1 4711 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 0471 443\r\n",
        "PROXY TCP4 " + new string('1', 200),
        "\r\n\r\n\0\r\nQUIX",
        Binary(0x11, 0x11, new string('x', 12)),
        Binary(0x22, 0x11, new string('x', 12)),
        Binary(0x21, 0x11, "short"),
        Binary(0x21, 0x41, new string('x', 12)),
        Binary(0x21, 0x13, new string('x', 12)),
        Signature + "!\u0011\u00ff\u00ff",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_none_is_refused(string header)
        => Preface.Examine(Encoding.Latin1.GetBytes(header), out _, out _).Should().Be(InputVerdict.Refuse);

    [Fact]
    public void It_is_expected_from_trusted_proxies_when_asked_for()
    {
        var stranger = SocketName.Of([203, 0, 113, 7], 1);
        var near = SocketName.Of([127, 0, 0, 1], 1);

        (Preface.IsExpectedFrom(near), Preface.IsExpectedFrom(default), Preface.IsExpectedFrom(stranger)).Should().Be((true, true, false));
        new ProxyPreface(() => new TrustedProxies(new ProxyOptions()), static (_, _) => default).IsExpectedFrom(near).Should().BeFalse();
    }

    private static string Binary(byte command, byte family, string data)
        => Signature + (char)command + (char)family + (char)(data.Length >> 8) + (char)(data.Length & 255) + data;

    private static string Describe(AnnouncedClient? announced) => announced is null
        ? "nobody"
        : $"{announced.Client}:{announced.Client.Port} -> {announced.Server}:{announced.Server.Port}{(announced.IsSecure ? " secure" : "")}";
}
