using System.Diagnostics;
using OneServe.Configuration;
using Xunit.Abstractions;

namespace OneServe.Tests.Configuration;

/// <summary>
/// What uWSGI itself reads in the same files (`uwsgi --show-config`, the distribution's), statement by statement; docs/configuration.md explains
/// where the two differ.
/// </summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    private const string Uwsgi = "/usr/bin/uwsgi";
    private const string Begin = ";uWSGI instance configuration";
    private const string End = ";end of configuration";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly HashSet<string> OfAnotherMachine =
    [
        "chdir", "logto", "logto2", "daemonize", "uid", "gid", "plugin", "plugins", "plugin-dir", "plugins-dir", "ini", "include", "logger", "req-logger",
        "logger-req", "log-route", "pidfile", "exec-asap", "home", "virtualenv", "venv", "listen", "umask", "strict", "chown-socket",
    ];

    public static TheoryData<string> Files() => PublicFiles.Theory();

    [Theory]
    [MemberData(nameof(Files))]
    public void Statements_are_those_that_uwsgi_reads(string path)
    {
        if (!File.Exists(Uwsgi))
        {
            output.WriteLine("uWSGI is not installed: there is nothing to compare with");
            return;
        }

        output.WriteLine(PublicFiles.Presence);
        string copy = Path.Combine(Path.GetTempPath(), $"oneserve-oracle-{Guid.NewGuid():N}.ini");
        File.WriteAllLines(copy, File.ReadAllLines(path).Select(line => IsOfAnotherMachine(line) ? $";{line}" : line));
        try
        {
            string[]? theirs = ReadByUwsgi(copy);
            string[] ours = ReadHere(copy);
            if (theirs is null)
            {
                // It misses something else of the other machine, and ends before it shows anything.
                ours.Should().NotBeEmpty("{0} is read here", path);
                return;
            }

            ours.Should().Equal(theirs);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>What uWSGI does while it reads and cannot do here: enter directories, write logs, become users, load plugins, read further files.</summary>
    private static bool IsOfAnotherMachine(string line) => OfAnotherMachine.Contains(line.Split('=')[0].Trim());

    /// <summary>Without `${VAR:-default}`, which is none of uWSGI's.</summary>
    private static string[] ReadHere(string path)
    {
        var diagnostics = new DiagnosticList();
        Dictionary<string, string> environment = new() { ["PATH"] = "/usr/bin:/bin" };
        var reader = new ConfigurationReader(environment, new SystemConfigurationHost(), diagnostics);
        reader.Apply(new Statement("ini", path, CommandLine.Source));
        reader.EndOfText();
        reader.ReadInherited();
        return [.. reader.Statements.Items.Select(statement =>
            $"{statement.Key} = {reader.Expander.Expand(statement, hasOwnVariables: true).Value ?? statement.Value}")];
    }

    /// <summary>Null when it ends before it shows anything. In namespaces of its own, so that whatever it starts ends with it.</summary>
    private static string[]? ReadByUwsgi(string path)
    {
        string[] arguments =
        [
            "--map-root-user", "--fork", "--pid", "--kill-child", "--net", Uwsgi, "--plugin", "python3", "--plugin", "http", "--plugin", "router_static",
            "--plugin", "syslog", "--plugin", "logfile", "--show-config", "--ini", path,
        ];
        var start = new ProcessStartInfo("/usr/bin/unshare", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        using var process = Process.Start(start)!;
        // It serves on when it shows nothing.
        using var deadline = new Timer(_ => process.Kill(), null, Limit, Timeout.InfiniteTimeSpan);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        List<string>? statements = null;
        while (process.StandardError.ReadLine() is { } line && line != End)
        {
            if (line == Begin)
            {
                statements = [];
            }
            else if (statements is not null && line != "[uwsgi]" && IsStatement(line))
            {
                statements.Add(line);
            }
        }

        deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        process.Kill();
        process.WaitForExit();
        return statements is null ? null : [.. statements.Skip(6)];
    }

    /// <summary>The rest is the language, which is carried out by then.</summary>
    private static bool IsStatement(string line)
    {
        string key = line.Split(" = ", 2)[0];
        return OptionTable.Find(key)?.Kind != OptionKind.Language || key is "plugin";
    }
}
