using OneServe.Gateway.Routing;

namespace OneServe.Tests.Gateway.Routing;

public sealed class HttpsRedirectTests
{
    [Theory]
    [InlineData("example.org", "/a?b=c", "https://example.org/a?b=c")]
    [InlineData("example.org:8080", "/", "https://example.org/")]
    [InlineData("[::1]:80", "/a%20b", "https://[::1]/a%20b")]
    [InlineData("example.org", "http://example.org/a", "https://example.org/a")]
    [InlineData("example.org", "http://example.org?a", "https://example.org/?a")]
    [InlineData("example.org", "http://example.org", "https://example.org/")]
    [InlineData("example.org", "*", "https://example.org/")]
    [InlineData("", "/a", null)]
    public void The_location_has_the_host_without_its_port(string host, string target, string? location)
        => HttpsRedirect.LocationOf(host, target).Should().Be(location);
}
