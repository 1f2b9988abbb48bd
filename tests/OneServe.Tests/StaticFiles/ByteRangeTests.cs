using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

/// <summary>Range requests, RFC 9110 §14, on a file of ten bytes: once in memory, once as an open file.</summary>
public sealed class ByteRangeTests : IDisposable
{
    private readonly Site _site = new() { Limits = new StaticCacheLimits { SmallFile = 10 } };

    public ByteRangeTests()
    {
        _site.Write("root/ten.txt", "0123456789");
        _site.Write("root/large.txt", "0123456789" + new string('x', 70_000));
        _site.Write("root/empty.txt", "");
    }

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("bytes=0-0", 206, "0", "bytes 0-0/10")]
    [InlineData("bytes=0-9", 206, "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=2-4", 206, "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=7-99", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=7-99999999999999999999999999", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-10", 206, "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=-99", 206, "0123456789", "bytes 0-9/10")]
    [InlineData("BYTES=1-2", 206, "12", "bytes 1-2/10")]
    [InlineData(" bytes=1-2 ", 206, "12", "bytes 1-2/10")]
    [InlineData("bytes= 1-2 ,", 206, "12", "bytes 1-2/10")]
    [InlineData("bytes=99-,1-2", 206, "12", "bytes 1-2/10")]
    [InlineData("bytes=10-", 416, "", "bytes */10")]
    [InlineData("bytes=10-20", 416, "", "bytes */10")]
    [InlineData("bytes=-0", 416, "", "bytes */10")]
    [InlineData("bytes=99-,-0", 416, "", "bytes */10")]
    [InlineData("bytes=99999999999999999999999999-", 416, "", "bytes */10")]
    [InlineData("bytes=4-2", 200, "0123456789", "")]
    [InlineData("bytes=0-1,4-2", 200, "0123456789", "")]
    [InlineData("bytes=a-b", 200, "0123456789", "")]
    [InlineData("bytes=+1-2", 200, "0123456789", "")]
    [InlineData("bytes=--1", 200, "0123456789", "")]
    [InlineData("bytes=-", 200, "0123456789", "")]
    [InlineData("bytes=", 200, "0123456789", "")]
    [InlineData("bytes=5", 200, "0123456789", "")]
    [InlineData("bytes 0-1", 200, "0123456789", "")]
    [InlineData("items=0-1", 200, "0123456789", "")]
    [InlineData("bytes=0-5,5-6", 200, "0123456789", "")]  // overlap: all of it
    [InlineData("bytes=0-,0-,0-", 200, "0123456789", "")]
    [InlineData("bytes=11-,11-,11-,11-,11-,11-,11-,11-,11-,11-,11-,11-,11-,11-,11-,11-,11-", 200, "0123456789", "")] // 17
    public void A_range_is_answered_with_its_bytes(string range, int status, string body, string contentRange)
    {
        var response = _site.Respond("GET", "/static/ten.txt", ("Range", range));

        response.Status.Should().Be(status);
        response.ContentLength.Should().Be(body.Length);
        response.ContentRange.ToString().Should().Be(contentRange);
        response.AcceptRanges.ToString().Should().Be("bytes");
        Site.Read(response).Should().Be(body);
    }

    [Theory]
    [InlineData("bytes=0-3", "0123")]
    [InlineData("bytes=9-10", "9x")]
    [InlineData("bytes=-2", "xx")]
    public void A_range_of_a_large_file_is_a_slice_of_the_open_file(string range, string body)
    {
        var response = _site.Respond("GET", "/static/large.txt", ("Range", range));
        response.BodyKind.Should().Be(StaticBodyKind.File);
        Site.Read(response).Should().Be(body);
        response.Release();
    }

    [Theory]
    [InlineData("bytes=0-")]
    [InlineData("bytes=-5")]
    public void An_empty_file_is_sent_whole(string range)
        => _site.Respond("GET", "/static/empty.txt", ("Range", range)).Should().BeEquivalentTo(
            new { Status = 200, ContentLength = 0, BodyKind = StaticBodyKind.None });

    [Theory]
    [InlineData("/static/ten.txt", 10)]
    [InlineData("/static/large.txt", 70_010)]
    public void Several_ranges_are_a_multipart_message(string path, int size)
    {
        var response = _site.Respond("GET", path, ("Range", "bytes=0-1, 99999-, 5-6 ,8-8"));

        response.Status.Should().Be(206);
        response.ContentRange.Count.Should().Be(0);
        string type = response.ContentType.ToString();
        type.Should().MatchRegex("^multipart/byteranges; boundary=[0-9a-f]{32}$");
        string boundary = type[(type.IndexOf('=') + 1)..];
        string body = Site.Read(response);
        body.Should().Be(
            $"--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 0-1/{size}\r\n\r\n01"
            + $"\r\n--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 5-6/{size}\r\n\r\n56"
            + $"\r\n--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 8-8/{size}\r\n\r\n8"
            + $"\r\n--{boundary}--\r\n");
        response.ContentLength.Should().Be(body.Length);
        response.Release();
    }

    [Fact]
    public void Repeated_range_fields_are_ignored()
        => _site.Respond("GET", "/static/ten.txt", ("Range", "bytes=0-1"), ("Range", "bytes=3-4")).Status.Should().Be(200);
}
