using System.Globalization;
using System.Net;

namespace OneServe.FunctionalTests.Harness;

/// <summary>A site in a directory of its own: its files, its port, and its INI. Readable by every user, for the tests that drop privileges.</summary>
internal sealed class TestSite : IDisposable
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode Shared = Everybody | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public TestSite()
    {
        Directory = Path.Combine(Path.GetTempPath(), $"oneserve-test-{Guid.NewGuid():N}"[..30]);
        System.IO.Directory.CreateDirectory(Directory, Everybody);
        System.IO.Directory.CreateDirectory(Temporary);
        File.SetUnixFileMode(Temporary, Shared);
        CopyApp("probe.py");
        CopyApp("gate.py");
    }

    /// <summary>Absolute, without a trailing slash.</summary>
    public string Directory { get; }

    /// <summary>The server's TMPDIR, so that a forgotten file is found.</summary>
    public string Temporary => PathOf("tmp");

    public int Port { get; } = Ports.Next();

    public EndPoint EndPoint => At(Port);

    public static EndPoint At(int port) => new IPEndPoint(IPAddress.Loopback, port);

    public string PathOf(string relative) => Path.Combine(Directory, relative);

    public EndPoint UnixEndPoint(string relative) => new System.Net.Sockets.UnixDomainSocketEndPoint(PathOf(relative));

    /// <summary>Writes a file, and its directories; returns its absolute path.</summary>
    public string Write(string relative, string text) => Write(relative, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string relative, byte[] bytes)
    {
        string path = PathOf(relative);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes `gated`, or another module: its import makes the file `importing` and then waits for the file `gate`.</summary>
    public void WriteGatedApp(string then = "from probe import application", string name = "gated.py")
    {
        Write(name, $"""
            import gate
            open("importing", "w").close()
            gate.wait("gate")
            {then}
            """);
    }

    public void OpenGate() => Write("gate", "");

    public void CloseGate()
    {
        File.Delete(PathOf("gate"));
        File.Delete(PathOf("importing"));
    }

    /// <summary>Waits until `gated` is being imported.</summary>
    public Task WaitImportingAsync() => Poll.Until(() => File.Exists(PathOf("importing")), "the application is being imported");

    /// <summary>Copies a file or a directory of tests/apps to the site's top, or to where it is told.</summary>
    public void CopyApp(string name, string? target = null)
    {
        string source = Path.Combine(Repository.Apps, name);
        string destination = PathOf(target ?? name);
        if (File.Exists(source))
        {
            File.Copy(source, destination, overwrite: true);
            return;
        }

        System.IO.Directory.CreateDirectory(destination);
        foreach (string file in System.IO.Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            if (!file.Contains("__pycache__", StringComparison.Ordinal) && !file.EndsWith(".sqlite3", StringComparison.Ordinal))
            {
                string copy = Path.Combine(destination, Path.GetRelativePath(source, file));
                System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy, overwrite: true);
            }
        }
    }

    /// <summary>Writes an INI of one [uwsgi] section with exactly these lines: the first of them is line 2 of the file.</summary>
    public string Ini(params string[] lines) => Write("site.ini", "[uwsgi]\n" + string.Join('\n', lines) + "\n");

    /// <summary>The usual INI: the probe application on the site's port, one worker; further lines go behind.</summary>
    public string ProbeIni(params string[] lines) =>
        Ini([Http, $"chdir = {Directory}", "module = probe", "master = true", "vacuum = true", .. lines]);

    /// <summary>`http = 127.0.0.1:PORT`.</summary>
    public string Http => string.Create(CultureInfo.InvariantCulture, $"http = 127.0.0.1:{Port}");

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
