using OneServe.Gateway.Http;

namespace OneServe.Tests.Gateway;

public sealed class RequestPathTests
{
    [Theory]
    [InlineData("/a%20b", "/a b")]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/caf%C3%A9", "/caf\u00c3\u00a9")] // one character for each octet
    [InlineData("/%ff", "/\u00ff")]
    [InlineData("/a%2", "/a%2")] // an incomplete escape stays
    [InlineData("/a%zz%41", "/a%zzA")]
    [InlineData("/%2541", "/%41")] // decoded once only
    [InlineData("/a//b%20", "/a//b ")]
    [InlineData("/a/%2e%2e/b", "/b")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd", "/etc/passwd")]
    [InlineData("/a/b/%2E.", "/a/")]
    [InlineData("/a/%2e", "/a/")]
    [InlineData("/a%2f..%2f..%2fb", "/b")]
    [InlineData("/static/..%5cx", "/static/..\\x")] // a backslash is a character like others
    [InlineData("/a%3Fb?c%20d", "/a?b")]
    [InlineData("/%41?x", "/A")]
    [InlineData("http://host/%41?q", "/A")]
    [InlineData("http://host?%41", "/")]
    [InlineData("http://ho%41st", "/")]
    [InlineData("/a%20/...", "/a /...")]
    [InlineData("/a%20/.b/..c/", "/a /.b/..c/")]
    public void Encoded_targets(string target, string expected) => RequestPath.Decode(target, "unused").Should().Be(expected);

    [Fact]
    public void A_target_without_escapes_is_what_the_server_has_read()
    {
        string plain = "/a/b";
        RequestPath.Decode("/a/./b?c", plain).Should().BeSameAs(plain);
        RequestPath.Decode("*", "").Should().Be("*");
        RequestPath.Decode("http://host", "").Should().Be("/");
    }
}
