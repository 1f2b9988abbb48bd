using System.Diagnostics;
using OneServe.Configuration;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Tests.Master;

public sealed class PrototypeImageTests
{
    [Fact]
    public void Python_reads_what_we_write()
    {
        var options = new ServerOptions
        {
            Processes = 300,
            Threads = 2,
            Development = new DevelopmentOptions
            {
                ReloadsCode = true,
                ShowsExceptions = true,
                IgnoredModules = [new Setting("py-auto-reload-ignore", "generated", default)],
            },
            Application = new ApplicationOptions
            {
                Module = new Setting("module", "müsli.wsgi", default),
                PythonPath = [new Setting("pythonpath", "/a", default), new Setting("pythonpath", "/b", default)],
                Mounts = [new Setting("mount", "/a=b.py", default)],
                Lazy = true,
            },
        };
        Print(options, "d['config'].pop('uwsgi'); "
            + "print(sorted(d['config'].items())); print('_oneserve/prototype.py' in d['sources'], 'boot.py' in d['sources'])").Should().Be(
            "[('catch-exceptions', True), ('edited', ['/a/views.py']), ('ignore-modules', ['generated']), ('lazy-apps', True), ('load-again', ['pages.views']), "
            + "('manage-script-name', False), ('module', 'müsli.wsgi'), ('mount', ['/a=b.py']), ('need-app', True), ('processes', 300), "
            + "('pythonpath', ['/a', '/b']), ('request-queue-timeout', 60), ('threads', 2), ('watch-modules', True)]\nTrue False\n");
    }

    [Fact]
    public void The_module_gets_options_under_all_their_names_placeholders_and_what_is_always_on()
    {
        var options = new ServerOptions
        {
            Application = new ApplicationOptions { Module = new Setting("module", "m", default) },
            Locks = 2,
            Caches = [new CacheOptions { Name = "c", Items = 10 }],
            Settings = [new Setting("module", "m", default), new Setting("master", "false", default)],
            Placeholders = [new Setting("mine", "x", default)],
            MagicVariables = System.Collections.Immutable.ImmutableDictionary<char, string>.Empty.Add('n', "site"),
        };

        Print(
            options,
            "u = d['config']['uwsgi']; [u.pop(k) for k in ('master', 'processes', 'threads')]; print(sorted(u.items()), 'uwsgi.py' in d['sources'])").Should().Be(
            "[('buffer-size', 65536), ('caches', [[7, 'c', 10, 65536, 2048, False]]), ('descriptors', [6, 7]), ('generation', 3), ('locks', 2), "
            + "('locks-descriptor', 6), ('magic', {'n': 'site'}), ('opt', [['module', 'm'], ['wsgi', 'm'], ['master', 'false'], ['mine', 'x'], ['enable-threads', 'true'], "
            + "['py-call-uwsgi-fork-hooks', 'true']]), ('started', '1700000000')] True\n");
        Print(
            options with { Application = new ApplicationOptions { HasUwsgiModule = false } },
            "print('uwsgi' in d['config'], [n for n in d['sources'] if n[0] == 'u'])")
            .Should().Be("False []\n");
    }

    private static string Print(ServerOptions options, string program)
    {
        using var image = SealedMemory.CreateReadOnly("image", PrototypeImage.Build(options, 3, 1_700_000_000, new LoadAgain(["pages.views"], ["/a/views.py"])));
        using var python = Process.Start(new ProcessStartInfo("python3")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "-c", $"import marshal; d = marshal.load(open('/proc/{Environment.ProcessId}/fd/{image.Number}', 'rb')); " + program },
        })!;
        string output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return output;
    }
}
