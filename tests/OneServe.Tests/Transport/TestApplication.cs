using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Transport;

namespace OneServe.Tests.Transport;

/// <summary>
/// /hello; /file, a file of <see cref="FileLength"/> bytes; /elsewhere, hello by another thread; /unread, 413 without reading the body;
/// /echo, the body; /wait, answers when the client has gone.
/// </summary>
internal sealed class TestApplication : IHttpApplication<IFeatureCollection>, IDisposable
{
    public const int FileLength = 3_000_000;

    public RandomFile File { get; } = new(new Random(7), FileLength);

    public int Gone;

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
        => context.Get<ClientConnection>()!.RequestFinished(context.Get<IHttpRequestFeature>()!.Path != "/unread");

    public void Dispose() => File.Dispose();

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var connection = context.Get<ClientConnection>()!;
        connection.RequestStarted();
        var request = context.Get<IHttpRequestFeature>()!;
        var response = context.Get<IHttpResponseFeature>()!;
        var body = context.Get<IHttpResponseBodyFeature>()!;
        switch (request.Path)
        {
            case "/file":
                response.Headers.ContentLength = FileLength;
                await body.StartAsync();
                connection.Output.SendFile(body.Writer, File.Shared, 0, FileLength);
                return;
            case "/elsewhere":
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                goto default;
            case "/echo":
                var copy = new MemoryStream();
                await request.Body.CopyToAsync(copy);
                response.Headers.ContentLength = copy.Length;
                await body.Writer.WriteAsync(copy.ToArray());
                return;
            case "/unread":
                response.StatusCode = 413;
                response.Headers.Connection = "close";
                response.Headers.ContentLength = 9;
                await body.Writer.WriteAsync("too large"u8.ToArray());
                return;
            case "/wait":
                var waiter = new Waiter();
                connection.Observer = waiter;
                await waiter.Gone.Task;
                Interlocked.Increment(ref Gone);
                return;
            default:
                response.Headers.ContentLength = 5;
                await body.Writer.WriteAsync("hello"u8.ToArray());
                return;
        }
    }

    private sealed class Waiter : IClientObserver
    {
        public TaskCompletionSource Gone { get; } = new();

        public void ClientGone() => Gone.TrySetResult();
    }
}
