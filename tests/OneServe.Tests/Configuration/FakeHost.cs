using System.Text;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>A machine that consists of a few files in memory.</summary>
internal sealed class FakeHost : IConfigurationHost
{
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly HashSet<string> _directories = ["/", "/start"];

    public string CurrentDirectory => "/start";

    public string HostName => "box";

    public int ProcessorCount => 4;

    public int ProcessId => 77;

    public UserIdentity User => new(1000, "deploy", 1001, "web");

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    public string ExecutablePath => "/usr/bin/oneserve";

    public FakeHost Add(string path, string content) => Add(path, Encoding.UTF8.GetBytes(content));

    public FakeHost Add(string path, byte[] content)
    {
        _files[path] = content;
        return AddDirectory(Path.GetDirectoryName(path)!);
    }

    public FakeHost AddDirectory(string path)
    {
        for (string? directory = path; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            _directories.Add(directory);
        }

        return this;
    }

    public PathKind GetPathKind(string path) =>
        _files.ContainsKey(path) ? PathKind.File : _directories.Contains(path) ? PathKind.Directory : PathKind.Missing;

    public ulong GetInode(string path) => 42;

    public FileContent Read(string path, int limit)
    {
        if (!_files.TryGetValue(path, out byte[]? content))
        {
            return new FileContent(default, "no such file");
        }

        return content.Length > limit ? new FileContent(default, "it is too large") : new FileContent(content, null);
    }

    /// <summary>What commands write, by their text; null: none is run.</summary>
    public Dictionary<string, FileContent>? Commands { get; set; }

    /// <summary>The commands that were run, in order.</summary>
    public List<string> Ran { get; } = [];

    public FileContent? Run(string command, int limit)
    {
        if (Commands is null)
        {
            return null;
        }

        Ran.Add(command);
        return Commands.TryGetValue(command, out FileContent content) ? content : new FileContent(default, "it exited with code 127");
    }

    public IReadOnlyList<string> List(string directory) =>
        [.. _files.Keys.Concat(_directories).Where(path => path != "/" && Path.GetDirectoryName(path) == directory).Select(path => Path.GetFileName(path)!)];
}
