using OneServe.Gateway.Http;

namespace OneServe.Tests.Gateway;

public sealed class SlashedLocationTests
{
    [Theory]
    [InlineData("/docs", "", "/docs/")]
    [InlineData("/docs", "?a=b&c", "/docs/?a=b&c")]
    [InlineData("//example.org", "", "/example.org/")]
    [InlineData("///example.org//x", "", "/example.org//x/")]
    [InlineData("/\\example.org", "", "/%5Cexample.org/")]
    [InlineData("/a b\r\nX: y", "", "/a%20b%0D%0AX:%20y/")]
    [InlineData("/\u00c3\u00bc", "", "/%C3%BC/")]
    [InlineData("/100%", "", "/100%25/")]
    [InlineData("/what?", "", "/what%3F/")]
    [InlineData("/a;b=c,d", "", "/a;b=c,d/")]
    public void A_location_is_a_path_on_this_server(string path, string query, string location) => SlashedLocation.Of(path, query).Should().Be(location);
}
