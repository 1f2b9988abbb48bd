using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Clients on keep-alive connections that ask again and again and account for every request.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int EnoughFailures = 20;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private int _completed;
    private int _unanswered;

    private Load(EndPoint endpoint, string target, int connections, bool untilGone) =>
        _clients = [.. Enumerable.Range(0, connections).Select(_ => Task.Run(() => RunAsync(endpoint, target, untilGone)))];

    public int Completed => Volatile.Read(ref _completed);

    /// <summary>Fresh connections that brought no answer; counted apart only when the server is expected to go.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Requests that were not answered, or not with 200.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>The distinct bodies seen.</summary>
    public ConcurrentDictionary<string, int> Bodies { get; } = [];

    /// <param name="untilGone">The server is going to stop: a refused or unanswered new connection ends a client and is no failure.</param>
    public static Load Start(EndPoint endpoint, string target, int connections, bool untilGone = false) => new(endpoint, target, connections, untilGone);

    /// <summary>Waits until so many more requests have been answered.</summary>
    public async Task AdvanceAsync(int requests)
    {
        int goal = Completed + requests;
        await Poll.Until(() => Completed >= goal || !Failures.IsEmpty, $"{requests} more requests are answered");
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await EndAsync();
    }

    /// <summary>Waits for the clients' own end (the server has gone).</summary>
    public Task EndAsync() => Task.WhenAll(_clients).WaitAsync(RawHttp.Patience);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>Three reloads of a site with the application `probe`, under load: every request is answered, and each version is seen.</summary>
    /// <param name="front">Where the clients ask: a server before ours, say.</param>
    public static async Task AssertReloadsLoseNothingAsync(OneServeProcess server, EndPoint front)
    {
        await using var load = Start(front, "/version", 8);
        await load.AdvanceAsync(200);

        for (int version = 2; version <= 4; version++)
        {
            server.Site.Write("VERSION", $"{version}");
            server.Send(Signal.Hup);
            await Poll.Until(() => load.Bodies.ContainsKey($"{version}"), $"version {version} answers");
            await load.AdvanceAsync(200);
        }

        await load.StopAsync();
        load.Failures.Should().BeEmpty();
    }

    private async Task RunAsync(EndPoint endpoint, string target, bool untilGone)
    {
        while (!_stop.IsCancellationRequested && Failures.Count < EnoughFailures)
        {
            bool fresh = true;
            try
            {
                await using var connection = await RawHttp.ConnectAsync(endpoint);
                bool open = true;
                while (open && !_stop.IsCancellationRequested)
                {
                    var reply = await connection.RequestAsync("GET", target);
                    Account(reply);
                    fresh = false;
                    open = !string.Equals(reply["Connection"], "close", StringComparison.OrdinalIgnoreCase);
                }
            }
            catch (Exception e) when (e is SocketException or EndOfStreamException && untilGone && fresh)
            {
                Interlocked.Increment(ref _unanswered);
                return;
            }
            catch (Exception e) when (e is SocketException or EndOfStreamException or TimeoutException or OperationCanceledException)
            {
                Failures.Enqueue($"{(fresh ? "first" : "further")} request of a connection: {e.Message}");
            }
        }
    }

    private void Account(HttpReply reply)
    {
        if (reply.Status == 200 && reply.Complete)
        {
            Interlocked.Increment(ref _completed);
            Bodies.AddOrUpdate(reply.Text, 1, (_, count) => count + 1);
        }
        else
        {
            Failures.Enqueue($"{reply.Status} {(reply.Complete ? reply.Text : "cut off")}");
        }
    }
}
