using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace OneServe.FunctionalTests.Harness;

/// <summary>A running server: the executable under test, started in a site's directory, with its log and its processes.</summary>
internal sealed class OneServeProcess : IAsyncDisposable
{
    /// <summary>A stop may take 8 s (the default grace) and a moment.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private const string MarkVariable = "ONESERVE_TEST_MARK";
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly Process _process;
    private readonly ProcessTree _tree;

    private OneServeProcess(TestSite site, Process process, string mark)
    {
        Site = site;
        _process = process;
        Pid = process.Id;
        _tree = new ProcessTree(Pid, $"{MarkVariable}={mark}");
        Log.Read(process.StandardOutput);
        Log.Read(process.StandardError);
    }

    public TestSite Site { get; }

    /// <summary>The master's.</summary>
    public int Pid { get; }

    public ServerLog Log { get; } = new();

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The exit code as it was when this object was disposed of; null when the master had not ended by then.</summary>
    public int? FinalCode { get; private set; }

    public ProcessEntry Gateway => Processes.Single(entry => entry.Title.StartsWith(ProcessTitles.Gateway, StringComparison.Ordinal));

    public ProcessEntry Prototype => Processes.Single(entry => entry.Title.StartsWith(ProcessTitles.Prototype, StringComparison.Ordinal));

    public IReadOnlyList<ProcessEntry> Workers => [.. Processes.Where(entry => entry.WorkerNumber > 0).OrderBy(entry => entry.WorkerNumber)];

    /// <summary>Everything that lives of this server, the master included.</summary>
    public IReadOnlyList<ProcessEntry> Processes => _tree.Living();

    /// <summary>Starts the executable; returns at once. The environment is the tests' own without anything that could choose another Python.</summary>
    /// <param name="program">What is started: the executable, or one that becomes it by execve.</param>
    public static OneServeProcess Launch(
        TestSite site, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = site.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string mark = Guid.NewGuid().ToString("N");
        foreach (string name in start.Environment.Keys.Where(IsDisturbing).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["PATH"] = SearchPath;
        start.Environment["TMPDIR"] = site.Temporary;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment[MarkVariable] = mark;
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new OneServeProcess(site, process, mark);
    }

    /// <summary>Waits until the address accepts connections.</summary>
    public async Task WaitListeningAsync(EndPoint? endpoint = null) => await Poll.Until(
        () => HasExited ? throw Ended() : CanConnect(endpoint ?? Site.EndPoint), $"a server listens on {endpoint ?? Site.EndPoint}");

    /// <summary>Waits until the application answers (requests wait in the server's queue while it is loaded).</summary>
    public async Task WaitReadyAsync(EndPoint? endpoint = null)
    {
        await WaitListeningAsync(endpoint);
        try
        {
            await RawHttp.GetAsync(endpoint ?? Site.EndPoint, "/");
        }
        catch (EndOfStreamException error)
        {
            // A start that fails resets who has connected meanwhile, for one when another program has taken the port of the next listener.
            throw new InvalidOperationException($"the first request was not answered; the server says:\n{Log.Text}", error);
        }

        _ = Processes;
    }

    /// <summary>Waits until there are so many workers, and nothing that is still being forked; their pids by number.</summary>
    public async Task<int[]> WorkersAsync(int count)
    {
        await Poll.Until(() => Workers.Count == count && Processes.Count == count + 3, $"there are {count} workers");
        return [.. Workers.Select(worker => worker.Pid)];
    }

    public async Task<string> WaitForLineAsync(Regex pattern, TimeSpan? deadline = null) => await Log.WaitForLineAsync(pattern, deadline, () => HasExited);

    public Task<HttpReply> GetAsync(string target, params string[] headers) => RawHttp.GetAsync(Site.EndPoint, target, headers);

    public Task<HttpReply> PostAsync(string target, byte[] body, params string[] headers) => RawHttp.PostAsync(Site.EndPoint, target, body, headers);

    public Task<RawHttp> ConnectAsync() => RawHttp.ConnectAsync(Site.EndPoint);

    /// <summary>Sends the master a signal.</summary>
    public void Send(Signal signal)
    {
        _ = Processes;
        if (!HasExited)
        {
            Signals.Send(Pid, signal);
        }
    }

    /// <summary>Waits for the master's end.</summary>
    public async Task<Outcome> WaitForExitAsync(TimeSpan? deadline = null)
    {
        await Poll.Until(() => HasExited, "the server has ended", deadline ?? Poll.Soon);
        await Log.EndedAsync(ServerLog.LastWords);
        return new Outcome(ExitCode, Log.Text);
    }

    /// <summary>TERM, the end, and nothing left behind.</summary>
    /// <param name="isPortShared">Another server goes on listening on the port.</param>
    public async Task<Outcome> StopAsync(bool isPortShared = false)
    {
        Send(Signal.Term);
        var outcome = await WaitForExitAsync(StopLimit);
        await AssertNothingLeftAsync(isPortShared);
        return outcome;
    }

    /// <summary>No process, no listener, no temporary file of this server is left.</summary>
    public async Task AssertNothingLeftAsync(bool isPortShared = false)
    {
        await Poll.Holds(() => Processes.Count == 0, Poll.Soon);
        Processes.Should().BeEmpty("no process outlives the master");
        CanConnect(Site.EndPoint).Should().Be(isPortShared, "nothing of this server listens after its end");
        if (!isPortShared)
        {
            Directory.EnumerateFileSystemEntries(Site.Temporary).Should().BeEmpty("no temporary file is left");
        }
    }

    public static bool CanConnect(EndPoint endpoint)
    {
        using var socket = new Socket(
            endpoint.AddressFamily, SocketType.Stream, endpoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            socket.Connect(endpoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            Send(Signal.Term);
            await Poll.Holds(() => HasExited, StopLimit);
        }

        _tree.KillAll();
        FinalCode = HasExited ? ExitCode : null;
        await Log.EndedAsync(ServerLog.LastWords);
        _process.Dispose();
    }

    private static bool IsDisturbing(string name) =>
        name is "VIRTUAL_ENV" or "CONDA_PREFIX"
        || name.StartsWith("PYTHON", StringComparison.Ordinal)
        || name.StartsWith("PYENV", StringComparison.Ordinal)
        || name.StartsWith("UWSGI_", StringComparison.Ordinal)
        || name.StartsWith("DOTNET_", StringComparison.Ordinal)
        || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);

    private InvalidOperationException Ended() => new($"the server has ended with {ExitCode} instead of listening");
}
