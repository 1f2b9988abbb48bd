using System.Text.RegularExpressions;
using OneServe.Configuration;
using OneServe.Gateway.Routing;

namespace OneServe.Tests.Gateway.Routing;

public sealed class RouteWriterTests
{
    [Theory]
    [InlineData("/new/$1", "/old/a b", "/new/a%20b")]
    [InlineData("/new/$1", "/old/a\r\nSet-Cookie: x", "/new/a%0D%0ASet-Cookie:%20x")]
    [InlineData("/new/$1", "/old/100%?#", "/new/100%25%3F%23")]
    [InlineData("/new/$1", "/old/\u00c3\u00bc\\", "/new/%C3%BC%5C")]
    [InlineData("/$1", "/old//evil.example/", "/evil.example/")]
    [InlineData("$1", "/old///evil.example/", "/evil.example/")]
    [InlineData("//$1", "/old/cdn.example", "//cdn.example")]
    [InlineData("https://h/$1?a=$9", "/old/x", "https://h/x?a=")]
    [InlineData("http://${HTTP_HOST}${PATH_INFO}?${QUERY_STRING}", "/old/ü", "http://h:1/old/%FC?q=%20&r=[1]")]
    [InlineData("$$1$x${$", "/old/1", "$1$x${$")]
    public void A_location_is_a_url_and_stays_where_it_was_meant_to_lead(string text, string path, string location)
        => RouteWriter.Location(RouteText.Parse(text), RouteSubject.Path, Match(path), Request(path)).Should().Be(location);

    [Fact]
    public void What_was_sent_encoded_is_not_encoded_twice()
        => RouteWriter.Location(RouteText.Parse("/new/$1"), RouteSubject.Uri, Match("/old/a%20b?c"), Request("/old/a b")).Should().Be("/new/a%20b?c");

    [Theory]
    [InlineData("/old/a\r\nX: y", "a??X: y")]
    [InlineData("/old/\u0000\u007f\u0080\u00c3", "??\u0080\u00c3")]
    public void A_field_has_no_control_characters(string path, string value)
        => RouteWriter.FieldValue(RouteText.Parse("$1"), Match(path), Request(path)).Should().Be(value);

    [Theory]
    [InlineData("${REMOTE_ADDR}", "10.0.0.1")]
    [InlineData("${REQUEST_METHOD} ${REQUEST_URI} ${SERVER_PROTOCOL}", "GET /raw?q=%20&r=[1] HTTP/1.1")]
    [InlineData("${HTTP_X_FORWARDED_FOR}|${HTTP_NONE}|${REMOTE_USER}|${CONTENT_TYPE}", "1.2.3.4|||text/plain")]
    public void Variables_are_those_of_the_environ(string text, string value)
        => RouteWriter.FieldValue(RouteText.Parse(text), null, Request("/")).Should().Be(value);

    private static Match Match(string path) => Regex.Match(path, "^/old/(.*)$", RegexOptions.Singleline);

    private static RouteRequest Request(string path)
    {
        var head = new FakeClientRequest { RawTarget = "/raw?q=%20&r=[1]", QueryString = "?q=%20&r=[1]" };
        head.Headers["Host"] = "h:1";
        head.Headers["X-Forwarded-For"] = "1.2.3.4";
        head.Headers["Content-Type"] = "text/plain";
        return new RouteRequest(head, path, "10.0.0.1", 0);
    }
}
