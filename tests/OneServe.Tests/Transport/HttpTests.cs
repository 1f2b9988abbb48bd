using System.Text;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Transport;

namespace OneServe.Tests.Transport;

public sealed class HttpTests
{
    [Fact]
    public async Task Answers_over_one_connection()
    {
        await using var server = await TestServer.StartAsync(Hello);
        using var client = server.Connect();
        for (int i = 0; i < 3; i++)
        {
            client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8);
            byte[] buffer = new byte[4096];
            int got = client.Receive(buffer);
            Encoding.ASCII.GetString(buffer, 0, got).Should().StartWith("HTTP/1.1 200 OK").And.EndWith("hello");
        }
    }

    private static async Task Hello(ClientConnection connection, IFeatureCollection request)
    {
        request.Get<IHttpResponseFeature>()!.Headers.ContentLength = 5;
        await request.Get<IHttpResponseBodyFeature>()!.Writer.WriteAsync("hello"u8.ToArray());
    }
}
