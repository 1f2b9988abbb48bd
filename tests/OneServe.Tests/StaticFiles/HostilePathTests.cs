using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using OneServe.Posix;

namespace OneServe.Tests.StaticFiles;

/// <summary>Nothing outside the root is served, and nothing that is not a regular file.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class HostilePathTests : IDisposable
{
    private readonly Site _site = new() { Maps = ["/static=root", "/link=link", "/device=/dev/zero", "/fifo=root/fifo"] };
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public HostilePathTests()
    {
        _site.Write("root/ok.txt", "ok");
        _site.Write("root/dir/in.txt", "in");
        _site.Write("root/.env", "secret");
        _site.Write("root/.git/config", "secret");
        _site.Write("root/.well-known/security.txt", "contact");
        _site.Write("root/.well-known/.hidden", "secret");
        _site.Write("root/dot.", "dot");
        _site.Write("root/%2e%2e", "literal");
        _site.Write("root/back\\slash.txt", "back");
        _site.Write("root/space and ünï.txt", "unicode");
        _site.Write("outside.txt", "secret");
        _site.Write("root-beside/secret.txt", "secret");
        _site.Link("root/to-ok.txt", "ok.txt");
        _site.Link("root/dir/up.txt", "../ok.txt");
        _site.Link("root/absolute.txt", _site.At("root/ok.txt"));
        _site.Link("root/absolute-dir", _site.At("root/dir"));
        _site.Link("root/out.txt", "../outside.txt");
        _site.Link("root/out-absolute.txt", _site.At("outside.txt"));
        _site.Link("root/out-dir", "..");
        _site.Link("root/beside", _site.At("root-beside"));
        _site.Link("root/passwd", "/etc/passwd");
        _site.Link("root/zero", "/dev/zero");
        _site.Link("root/process", "/proc/self/cwd");
        _site.Link("root/loop", "loop");
        _site.Link("root/dangling", "nowhere");
        _site.Link("link", "root");
        _site.MakeFifo("root/fifo");
        _socket.Bind(new UnixDomainSocketEndPoint(_site.At("root/socket")));
        _site.WriteRaw([.. "root/"u8, 0xFF, 0xE9, .. ".txt"u8]);
        File.SetUnixFileMode(_site.Root, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(_site.Write("root/unreadable.txt", "secret"), UnixFileMode.None);
    }

    public static TheoryData<string, string?> Paths => new()
    {
        { "/static/ok.txt", "ok" },
        { "/static/dir/in.txt", "in" },
        { "/link/ok.txt", "ok" },                              // the root itself may be a link
        // links that stay inside
        { "/static/to-ok.txt", "ok" },
        { "/static/dir/up.txt", "ok" },
        { "/static/absolute.txt", "ok" },
        { "/static/absolute-dir/in.txt", "in" },
        // links that leave
        { "/static/out.txt", null },
        { "/static/out-absolute.txt", null },
        { "/static/out-dir/outside.txt", null },
        { "/static/out-dir/root/ok.txt", "ok" },               // comes back: what counts is where the file lies
        { "/static/beside/secret.txt", null },                 // /root-beside begins with /root
        { "/static/passwd", null },
        { "/static/zero", null },
        { "/static/process/etc/passwd", null },
        { "/static/loop", null },
        { "/static/dangling", null },
        // names that leave
        { "/static/../outside.txt", null },
        { "/static/dir/../ok.txt", null },
        { "/static/dir/../../outside.txt", null },
        { "/static/..", null },
        { "/static/.", null },
        { "/static/./ok.txt", null },
        { "/static/../root/ok.txt", null },
        { "/static//etc/passwd", null },
        { "/static///etc/passwd", null },
        { "/static/..\\outside.txt", null },
        { "/static/..%2foutside.txt", null },
        { "/static/%2e%2e/outside.txt", null },                // decoded once: a name as any other
        { "/static/%2e%2e", "literal" },
        { "/static/%252e%252e", null },
        { "/static/\u00c0\u00ae\u00c0\u00ae/outside.txt", null }, // overlong UTF-8 of `..`
        { "/static/\u00c0\u00afetc/passwd", null },
        // NUL and what is no byte
        { "/static/ok.txt\0", null },
        { "/static/ok.txt\0.css", null },
        { "/static/\0", null },
        { "/static/ok.txt\u0100", null },
        { "/static/\u012eok.txt", null },
        // dots and slashes at the end
        { "/static/ok.txt.", null },
        { "/static/dot.", "dot" },
        { "/static/dot", null },
        { "/static/ok.txt/", null },
        { "/static/ok.txt/.", null },
        { "/static/dir", null },
        { "/static/dir/", null },
        // hidden files
        { "/static/.env", null },
        { "/static/.git/config", null },
        { "/static/.well-known/security.txt", "contact" },
        { "/static/.well-known/.hidden", null },
        { "/static/.well-knownx", null },
        { "/static/...", null },
        // what is no regular file
        { "/static/fifo", null },
        { "/static/socket", null },
        { "/device", null },
        { "/fifo", null },
        // other names
        { "/static/back\\slash.txt", "back" },
        { "/static/space and " + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("ünï")) + ".txt", "unicode" },
        { "/static/space and ünï.txt", null },
        { "/static/\u00ff\u00e9.txt", "" },                    // the file's name is not UTF-8
        { "/static/ok.txt:stream", null },
        { "/static/" + new string('a', 255), null },
        { "/static/" + new string('a', 256), null },
        { "/static/" + new string('a', 4087), null },
        { "/static/" + new string('a', 100_000), null },
        { "/static/" + string.Concat(Enumerable.Repeat("dir/", 1000)) + "ok.txt", null },
        { "/static/" + new string('/', 3000) + "ok.txt", "ok" },
    };

    public void Dispose()
    {
        _socket.Dispose();
        _site.Dispose();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Only_regular_files_beneath_the_root_are_served(string path, string? body)
    {
        _site.Get(path).Should().Be(body);
        _site.Get(path).Should().Be(body, "the cache says the same");
        _site.Clock.Advance(1);
        _site.Get(path).Should().Be(body, "so does the next look");
    }

    /// <summary>
    /// Both ways of opening, on names as the kernel would get them: here nothing filters `..` beforehand.
    /// </summary>
    [Theory]
    [InlineData("ok.txt", 0)]
    [InlineData("dir/up.txt", 0)]
    [InlineData("absolute.txt", 0)]
    [InlineData("absolute-dir/in.txt", 0)]
    [InlineData("dir/../ok.txt", 0)]
    [InlineData("out.txt", Errno.EXDEV)]
    [InlineData("out-absolute.txt", Errno.EXDEV)]
    [InlineData("out-dir/outside.txt", Errno.EXDEV)]
    [InlineData("beside/secret.txt", Errno.EXDEV)]
    [InlineData("passwd", Errno.EXDEV)]
    [InlineData("..", Errno.EXDEV)]
    [InlineData("../outside.txt", Errno.EXDEV)]
    [InlineData("../root-beside/secret.txt", Errno.EXDEV)]
    [InlineData("/etc/passwd", Errno.EXDEV)]
    [InlineData("none.txt", Errno.ENOENT)]
    [InlineData("ok.txt/x", Errno.ENOTDIR)]
    [InlineData("loop", Errno.ELOOP)]
    [InlineData("", Errno.ENOENT)]
    public void Both_ways_of_opening_keep_within_the_root(string name, int errno)
    {
        using var root = new SafeDescriptor((int)ContainedFiles.OpenRoot(Encoding.UTF8.GetBytes(_site.At("root") + '\0')).OrThrow("open"));
        byte[] bytes = Encoding.UTF8.GetBytes(name + '\0');
        foreach (var opened in (SysResult[])[ContainedFiles.OpenBeneath(root.Number, bytes), ContainedFiles.OpenByRealPath(root.Number, bytes)])
        {
            opened.Errno.Should().Be(errno);
            if (!opened.IsError)
                Descriptors.Close(opened.Int);
        }
    }

    [Fact]
    public void An_unreadable_file_is_the_applications()
    {
        string? readable = null;
        string? unreadable = "not asked";
        // Root reads everything; a thread that looks at files as nobody does not.
        var thread = new Thread(() =>
        {
            setfsuid(65534);
            readable = _site.Get("/static/ok.txt");
            unreadable = _site.Get("/static/unreadable.txt");
        });
        thread.Start();
        thread.Join();

        readable.Should().Be("ok");
        unreadable.Should().BeNull();
    }

    [Fact]
    public void The_root_of_the_file_system_may_be_served()
    {
        using var site = new Site { Maps = ["/all=/"] };
        string path = site.Write("x.txt", "x");
        site.Get("/all" + path).Should().Be("x");
    }

    [LibraryImport("libc")]
    private static partial int setfsuid(uint user);
}
