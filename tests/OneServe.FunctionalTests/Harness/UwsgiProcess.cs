using System.Diagnostics;
using System.Globalization;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Debian's uWSGI, one process: what this server is compared with.</summary>
internal sealed class UwsgiProcess : IAsyncDisposable
{
    private readonly Process _process;

    private UwsgiProcess(Process process) => _process = process;

    public ServerLog Log { get; } = new();

    /// <summary>Starts it on a directory's module and waits until it listens.</summary>
    /// <param name="option">How: with its own HTTP, or `--socket` for the uwsgi protocol.</param>
    public static async Task<UwsgiProcess> StartAsync(string directory, string module, int port, string option = "--http-socket")
    {
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        var start = new ProcessStartInfo("uwsgi", [option, address, "--plugin", "python3", "--chdir", directory, "--module", module, "--need-app"])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        var server = new UwsgiProcess(Process.Start(start)!);
        server._process.StandardInput.Close();
        server.Log.Read(server._process.StandardOutput);
        server.Log.Read(server._process.StandardError);
        try
        {
            await Poll.Until(
                () => server._process.HasExited ? throw new InvalidOperationException(server.Log.Text) : OneServeProcess.CanConnect(TestSite.At(port)),
                "uwsgi listens");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Log.EndedAsync(ServerLog.LastWords);
        _process.Dispose();
    }
}
