using System.Buffers.Binary;
using System.Text;
using OneServe.Application.Marshal;
using OneServe.Gateway;
using OneServe.Gateway.Uwsgi;
using OneServe.Posix;

namespace OneServe.Tests.Gateway;

/// <summary>What becomes of a packet's variables in the environ.</summary>
public sealed class PacketVariablesTests
{
    private static readonly SocketName Peer = SocketName.Of([192, 0, 2, 7], 4711);

    [Fact]
    public void Variables_reach_the_environ_as_they_are()
    {
        var (environ, path) = Environ(
            UwsgiPacket.Wsgi, "REQUEST_METHOD", "GET", "PATH_INFO", "/a b/\u00c3\u00a4", "REQUEST_URI", "/a%20b/%C3%A4?q", "QUERY_STRING", "q",
            "CONTENT_LENGTH", "",
            "REMOTE_ADDR", "203.0.113.9", "SERVER_NAME", "", "SERVER_PORT", "443", "SERVER_PROTOCOL", "HTTP/2.0", "SCRIPT_NAME", "/x", "HTTPS", "on",
            "HTTP_X", "a\r\nb", "OWN", "\u00ff", "UWSGI_CHDIR", "/srv");

        path.Should().Be("/a b/\u00c3\u00a4");
        environ.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["REQUEST_METHOD"] = "GET",
            ["PATH_INFO"] = "/a b/\u00c3\u00a4",
            ["REQUEST_URI"] = "/a%20b/%C3%A4?q",
            ["QUERY_STRING"] = "q",
            ["CONTENT_LENGTH"] = "",
            ["REMOTE_ADDR"] = "203.0.113.9",
            ["SERVER_NAME"] = "",
            ["SERVER_PORT"] = "443",
            ["SERVER_PROTOCOL"] = "HTTP/2.0",
            ["SCRIPT_NAME"] = "/x",
            ["HTTPS"] = "on",
            ["HTTP_X"] = "a\r\nb",
            ["OWN"] = "\u00ff",
            ["UWSGI_CHDIR"] = "/srv",
            ["wsgi.url_scheme"] = "https",
        });
    }

    [Fact]
    public void What_PEP_3333_asks_for_and_nobody_sends_is_added()
    {
        var (environ, path) = Environ(UwsgiPacket.Wsgi, "REQUEST_METHOD", "GET", "REQUEST_URI", "/a%20b?q");

        path.Should().Be("/a b");
        environ.Should().Contain("PATH_INFO", "/a b").And.Contain("SCRIPT_NAME", "").And.Contain("SERVER_PORT", "80").And.Contain("REMOTE_ADDR", "192.0.2.7")
            .And.Contain("SERVER_PROTOCOL", "HTTP/1.1").And.Contain("wsgi.url_scheme", "http").And.ContainKey("SERVER_NAME");
    }

    [Fact]
    public void The_servers_own_names_and_HTTP_PROXY_are_left_out()
    {
        var (environ, _) = Environ(
            UwsgiPacket.Wsgi, "REQUEST_METHOD", "GET", "wsgi.input", "x", "wsgi.url_scheme", "ftp", "HTTP_PROXY", "evil:80", "HTTP_PROXY_X", "kept");

        environ.Should().NotContainKey("wsgi.input").And.NotContainKey("HTTP_PROXY");
        environ.Should().Contain("wsgi.url_scheme", "http").And.Contain("HTTP_PROXY_X", "kept");
    }

    [Theory]
    [InlineData("UWSGI_SCHEME", "https", "https")]
    [InlineData("HTTPS", "on", "https")]
    [InlineData("HTTPS", "ON", "https")]
    [InlineData("HTTPS", "1", "https")]
    [InlineData("HTTPS", "off", "http")]
    [InlineData("HTTPS", "", "http")]
    [InlineData("HTTP_X_FORWARDED_PROTO", "https", "http")]
    public void The_scheme_is_what_the_server_in_front_says(string name, string value, string scheme)
        => Environ(UwsgiPacket.Wsgi, "REQUEST_METHOD", "GET", name, value).Environ.Should().Contain("wsgi.url_scheme", scheme);

    [Theory]
    [InlineData("127.0.0.1", "https", "https")]
    [InlineData("::1", "HTTPS", "https")]
    [InlineData("", "https", "https")]
    [InlineData("203.0.113.9", "https", "http")]
    [InlineData("unix:", "https", "https")]
    [InlineData("a proxy", "https", "http")]
    [InlineData("127.0.0.1", "http", "http")]
    public void A_forwarded_scheme_counts_from_trusted_proxies(string address, string forwarded, string scheme)
    {
        var (environ, _) = Environ(UwsgiPacket.Wsgi, "REQUEST_METHOD", "GET", "REMOTE_ADDR", address, "HTTP_X_FORWARDED_PROTO", forwarded);
        environ.Should().Contain("wsgi.url_scheme", scheme);
    }

    [Theory]
    [InlineData("/shop", "/shop/a", "/a")]
    [InlineData("/shop/", "/shop/a", "/a")]
    [InlineData("/shop", "/shop", "")]
    [InlineData("/shop", "/shopping", "/shopping")]
    [InlineData("", "/a", "/a")]
    public void Modifier_30_takes_the_script_name_off_the_path_at_a_segments_end(string script, string sent, string seen)
    {
        var (environ, path) = Environ(UwsgiPacket.ManagePathInfo, "REQUEST_METHOD", "GET", "SCRIPT_NAME", script, "PATH_INFO", sent);

        path.Should().Be(sent, "files and routes see the whole path, as under uWSGI");
        environ.Should().Contain("PATH_INFO", seen).And.Contain("SCRIPT_NAME", script);
    }

    [Theory]
    [InlineData("/a/../b", "/b")]
    [InlineData("/static/x/../../etc", "/etc")]
    [InlineData("../x", "/x")]
    public void Files_routes_and_application_agree_about_dot_segments(string sent, string seen)
    {
        var (environ, path) = Environ(UwsgiPacket.Wsgi, "REQUEST_METHOD", "GET", "PATH_INFO", sent);
        environ.Should().Contain("PATH_INFO", path);
        path.Should().EndWith(seen.TrimStart('/'));
    }

    [Fact]
    public void Of_two_variables_of_one_name_the_last_one_counts()
    {
        var variables = Read(UwsgiPacket.Wsgi, "REQUEST_METHOD", "GET", "REQUEST_METHOD", "POST", "CONTENT_LENGTH", "5", "CONTENT_LENGTH", "7");
        (variables.Method, variables.ContentLength).Should().Be(("POST", 7));
    }

    [Fact]
    public void A_user_whom_a_route_has_let_in_takes_the_place_of_the_fronts()
    {
        var variables = Read(UwsgiPacket.Wsgi, "REQUEST_METHOD", "GET", "REMOTE_USER", "ann");
        variables.User.Should().Be("ann");
        Environ(variables, "bob").Should().Contain("REMOTE_USER", "bob");
    }

    private static (Dictionary<string, string> Environ, string Path) Environ(byte modifier, params string[] variables)
    {
        var read = Read(modifier, variables);
        return (Environ(read, user: ""), read.ReadPath(Site.Empty));
    }

    private static PacketVariables Read(byte modifier, params string[] variables)
    {
        List<byte> packet = [modifier, 0, 0, 0];
        foreach (string text in variables)
            packet.AddRange([(byte)text.Length, (byte)(text.Length >> 8), .. Encoding.Latin1.GetBytes(text)]);
        byte[] bytes = [.. packet];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), (ushort)(bytes.Length - UwsgiPacket.HeadSize));
        return new PacketVariables(bytes, Peer);
    }

    /// <summary>What Python's dict would be: of a key that comes twice the last value.</summary>
    private static Dictionary<string, string> Environ(PacketVariables variables, string user)
    {
        byte[] buffer = new byte[4096];
        var packet = new PacketWriter(buffer);
        int count = variables.WriteEnviron(ref packet, variables.ReadPath(Site.Empty), 0, user);
        packet.Overflowed.Should().BeFalse();
        var rest = new Queue<byte>(buffer[..packet.Length]);
        var environ = new Dictionary<string, string>();
        for (; rest.Count > 0; count--)
            environ[Text(rest)] = Text(rest);
        count.Should().Be(0, "each entry is counted");
        return environ;
    }

    private static string Text(Queue<byte> from)
    {
        char type = (char)from.Dequeue();
        int length = type == 'z' ? from.Dequeue() : from.Dequeue() | from.Dequeue() << 8 | from.Dequeue() << 16 | from.Dequeue() << 24;
        byte[] bytes = [.. Enumerable.Range(0, length).Select(_ => from.Dequeue())];
        return (type == 'u' ? Encoding.UTF8 : Encoding.ASCII).GetString(bytes);
    }
}
