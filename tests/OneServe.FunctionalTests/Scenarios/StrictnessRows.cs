namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Requests as exact bytes (latin-1), and the status that each has to get. What is refused ends its connection: nothing behind it is read.</summary>
internal static class StrictnessRows
{
    private const string Get = "GET /hello HTTP/1.1\r\nHost: a\r\n";
    private const string Post = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    private const string Chunked = Post + "Transfer-Encoding: chunked\r\n\r\n";
    private const string Body = "3\r\nabc\r\n0\r\n\r\n";

    /// <summary>What is taken, and answered 200 on a connection that goes on.</summary>
    public static IEnumerable<string> Taken =>
    [
        Get + "\r\n",
        "\r\n" + Get + "\r\n",
        "\r\n\r\n" + Get + "\r\n",
        Get + "X:\r\nY: a\tb \xff\r\n\r\n",
        Get + "!#$%&'*+-.^_`|~09azAZ: x\r\n\r\n",
        "GET http://a/hello HTTP/1.1\r\nHost: b\r\n\r\n",
        "GET http://a:80/hello?x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello?a=|{}\"[1]%zz HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "GET /../hello HTTP/1.1\r\nHost:\r\n\r\n",
        "UNHEARD-OF /hello HTTP/1.1\r\nHost: a\r\n\r\n",
        Post + "Content-Length: 3\r\n\r\nabc",
        Post + "content-length:\t003 \r\n\r\nabc",
        Post + "Expect: 100-Continue\r\nContent-Length: 3\r\n\r\nabc",
        Post + "Transfer-Encoding: Chunked\r\n\r\n" + Body,
        Chunked + Body,
        Chunked + "0000003\r\nabc\r\n00\r\n\r\n",
        Chunked + "3;a=b;c=\"d\";e\r\nabc\r\n0;last\r\nX: y\r\nContent-Length: 7\r\n\r\n",
        Post + "Transfer-Encoding: chunked\r\nX-Content-Length: 3\r\n\r\n" + Body,
    ];

    public static IEnumerable<(int Status, string Source, string Request)> Refused =>
    [
        .. Each(400, "RFC 9112, 2.2 and 3: line ends", [
            "GET /hello HTTP/1.1\nHost: a\n\n", "GET /hello HTTP/1.1\nHost: a\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: a\n\r\n", Get + "\n",
            "\n" + Get + "\r\n", "\r" + Get + "\r\n", "GET /he\rllo HTTP/1.1\r\nHost: a\r\n\r\n", Get + "X: a\rb\r\n\r\n", Get + "X: a\r\r\n\r\n",
            Get + "X\ry: a\r\n\r\n"]),
        .. Each(400, "RFC 9112, 3: the request line", [
            .. new[]
            {
                "GET /hello", "GET  /hello HTTP/1.1", "GET /hello  HTTP/1.1", "GET /hello HTTP/1.1 ", " GET /hello HTTP/1.1", "GET\t/hello HTTP/1.1",
                "GET /hello\tHTTP/1.1", "GET /he llo HTTP/1.1", "GET /hello HTTP/1.1x", "GET /hello http/1.1", "GET /hello FTP/1.1", "GET HTTP/1.1",
                "/hello HTTP/1.1", "GET /hello HTTP/01.1", "GET /hello HTTP/1.", "GET /hello HTTP/11", "GET /hello HTTP/1.01", "GET /hello HTTP/1.1.1",
                "GET /hello HTTP/2", "G@T /hello HTTP/1.1", "G\u0001T /hello HTTP/1.1", "GE(T /hello HTTP/1.1", "\u0016\u0003\u0001 /hello HTTP/1.1",
                "GET /he#llo HTTP/1.1", "GET /hello?x#y HTTP/1.1", "GET /he\u0001llo HTTP/1.1", "GET /he\u007fllo HTTP/1.1", "GET /he\xe9llo HTTP/1.1",
                "GET /hello?\u0001 HTTP/1.1", "GET /hello?\0 HTTP/1.1", "GET /he%00llo HTTP/1.1",
            }.Select(WithHost)]),
        .. Each(400, "RFC 9112, 3.2: the forms of a target", [
            .. new[]
            {
                "GET hello HTTP/1.1", "GET ?x HTTP/1.1", "GET a:80 HTTP/1.1", "GET * HTTP/1.1", "OPTIONS *x HTTP/1.1", "GET ftp://a/hello HTTP/1.1",
                "GET http:/hello HTTP/1.1", "GET http:hello HTTP/1.1", "GET http:///hello HTTP/1.1", "GET http://u@a/hello HTTP/1.1",
                "GET http://u:p@a/hello HTTP/1.1", "GET http://a:99999/hello HTTP/1.1", "GET http://?x HTTP/1.1",
            }.Select(WithHost)]),
        .. Each(421, "RFC 9110, 7.4", [WithHost("GET https://a/hello HTTP/1.1")]),
        .. Each(501, "RFC 9110, 9.1", [WithHost("CONNECT a:80 HTTP/1.1"), WithHost("CONNECT /hello HTTP/1.1")]),
        .. Each(505, "RFC 9110, 15.6.6", [
            .. new[] { "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9" }.Select(version => WithHost($"GET /hello {version}")),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]),
        .. Each(400, "RFC 9112, 5: field lines", [
            .. new[] { " X: y", "\tX: y", "X : y", "X\t: y", "X", ": y", "X: a\r\n b", "X: a\r\n\tb" }.Select(WithField),
            .. "\"(),/;<=>?@[\\]{} \u0001\u007f\x80\xff".Select(c => WithField($"X{c}y: a")),
            "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n", "GET /hello HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n"]),
        .. Each(400, "RFC 9110, 5.5: values", [.. "\0\u0001\u0007\b\u000b\u000c\u001f\u007f".Select(c => WithField($"X: a{c}b"))]),
        .. Each(400, "RFC 9112, 3.2: Host", [
            "GET /hello HTTP/1.1\r\n\r\n", Get + "Host: a\r\n\r\n", Get + "host: b\r\n\r\n", "GET /hello HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
            .. new[] { "a b", "a,b", "a/b", "a@b", "a:b", "[::1", "::1", "a:80:80", "a?b", "http://a", "a\\b", "a<b", "a%zz", "\xe9", "[::1]x", "[zz]", "[]" }
                .Select(host => $"GET /hello HTTP/1.1\r\nHost: {host}\r\n\r\n")]),
        .. Each(400, "RFC 9110, 8.6; RFC 9112, 6.3: Content-Length", [
            .. new[]
            {
                "", "+3", "-3", "3,3", "3, 3", "3,4", "3;", "3 3", "0x3", "3.0", "3e0", "a", "\xb3", "3\u000b", "9223372036854775808",
                "00000000000000000003", "3\r\nContent-Length: 3", "3\r\nContent-Length: 4", "3\r\nTransfer-Encoding: chunked",
            }.Select(length => Post + $"Content-Length: {length}\r\n\r\nabc")]),
        .. Each(411, "RFC 9112, 6.3", ["POST /echo HTTP/1.0\r\n\r\n", "PUT /echo HTTP/1.0\r\nHost: a\r\n\r\n"]),
        .. Each(400, "RFC 9112, 6.1 and 6.3: Transfer-Encoding", [
            .. new[]
            {
                "", "gzip", "identity", "chunked, gzip", "chunked, chunked", "xchunked", "chunk", "chunked;q=1", "\"chunked\"", "chunked,", ",chunked",
                "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: identity", "gzip\r\nTransfer-Encoding: chunked",
                "chunked\r\nContent-Length: 3", "chunked\r\nContent-Length: x", "\u000bchunked",
            }.Select(coding => Post + $"Transfer-Encoding: {coding}\r\n\r\n" + Body),
            "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + Body]),
        .. Each(501, "RFC 9112, 6.1: unknown codings", [
            .. new[] { "gzip, chunked", "identity,chunked" }.Select(coding => Post + $"Transfer-Encoding: {coding}\r\n\r\n" + Body)]),
        .. Each(417, "RFC 9110, 10.1.1", [Post + "Expect: 200-ok\r\nContent-Length: 3\r\n\r\nabc"]),
        .. Each(400, "RFC 9112, 7.1: chunks", [
            .. new[]
            {
                "3\nabc\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n", "3\r\nabc\r\n0\n\r\n", "3 \r\nabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n",
                "-3\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "g\r\nabc\r\n0\r\n\r\n", "\r\nabc\r\n0\r\n\r\n", "3x\r\nabc\r\n0\r\n\r\n",
                "00000000000000003\r\nabc\r\n0\r\n\r\n", "80000000\r\nabc", "100000000\r\nabc", "ffffffffffffffff\r\nabc", "10000000000000003\r\nabc",
                "3\r\nabcd\r\n0\r\n\r\n", "3\r\nab\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n", "3\rabc\r\n0\r\n\r\n",
            }.Select(body => Chunked + body)]),
        .. Each(400, "RFC 9112, 7.1.1: chunk extensions", [
            .. new[] { "3 ;a=b\r\nabc", "3;a=\"b\r\"\r\nabc", "3;a\nb\r\nabc", "3;a\rb\r\nabc" }.Select(body => Chunked + body + "\r\n0\r\n\r\n")]),
        .. Each(400, "RFC 9112, 7.1.2: trailers", [
            .. new[] { "X : y", "X: y\n", " X: y", "X: y\r\n z", "X", "X: a\0", ": y" }.Select(trailer => Chunked + $"3\r\nabc\r\n0\r\n{trailer}\r\n\r\n")]),
        .. Each(431, "RFC 6585, 5", [
            Get + $"X: {new string('x', 70_000)}\r\n\r\n", Get + string.Concat(Enumerable.Range(0, 300).Select(i => $"X{i}: y\r\n")) + "\r\n",
            Chunked + "0\r\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"X{i}: y\r\n")) + "\r\n"]),
        .. Each(414, "RFC 9110, 15.5.15", [WithHost($"GET /{new string('x', 70_000)} HTTP/1.1")]),
    ];

    private static string WithHost(string line) => line + "\r\nHost: a\r\n\r\n";

    private static string WithField(string line) => Get + line + "\r\n\r\n";

    private static IEnumerable<(int, string, string)> Each(int status, string source, string[] requests) =>
        requests.Select(request => (status, source, request));
}
