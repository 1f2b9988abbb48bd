using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Harness;

/// <summary>
/// A test with a site of its own. At its end every server it started is stopped and must have left nothing; a failure shows the servers' logs.
/// </summary>
public abstract class ScenarioTest(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<OneServeProcess> _servers = [];

    internal TestSite Site { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        try
        {
            foreach (var server in _servers.AsEnumerable().Reverse())
            {
                if (server.HasExited)
                {
                    await server.AssertNothingLeftAsync();
                }
                else
                {
                    await server.StopAsync();
                }
            }
        }
        finally
        {
            foreach (var server in _servers)
            {
                await server.DisposeAsync();
                output.WriteLine($"--- log of the server {server.Pid} (exit code {server.FinalCode})");
                output.WriteLine(server.Log.Text);
            }

            Site.Dispose();
        }
    }

    /// <summary>Starts the server on an INI, or with the arguments given, and waits until the application answers.</summary>
    private protected async Task<OneServeProcess> StartAsync(params string[] arguments)
    {
        var server = Launch(arguments);
        await server.WaitReadyAsync();
        return server;
    }

    /// <summary>Starts the server and does not wait.</summary>
    private protected OneServeProcess Launch(params string[] arguments) => Launch(null, arguments);

    private protected OneServeProcess Launch(IReadOnlyDictionary<string, string?>? environment, params string[] arguments) =>
        Track(OneServeProcess.Launch(Site, Repository.Executable, arguments, environment));

    /// <summary>Starts the server through a program that becomes it (setpriv, prlimit).</summary>
    private protected OneServeProcess LaunchProgram(string program, params string[] arguments) =>
        Track(OneServeProcess.Launch(Site, program, arguments));

    /// <summary>Runs the executable to its end: for mistakes, --version, --help.</summary>
    private protected async Task<Outcome> RunAsync(params string[] arguments) => await Launch(arguments).WaitForExitAsync();

    /// <summary>Says something to who reads the test's output.</summary>
    private protected void Tell(string text) => output.WriteLine(text);

    private OneServeProcess Track(OneServeProcess server)
    {
        _servers.Add(server);
        return server;
    }
}
