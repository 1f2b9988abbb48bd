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
            Application = new ApplicationOptions
            {
                Module = new Setting("module", "müsli.wsgi", default),
                PythonPath = [new Setting("pythonpath", "/a", default), new Setting("pythonpath", "/b", default)],
                Mounts = [new Setting("mount", "/a=b.py", default)],
                Lazy = true,
            },
        };
        using var image = SealedMemory.CreateReadOnly("image", PrototypeImage.Build(options));
        using var python = Process.Start(new ProcessStartInfo("python3")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-c",
                $"import marshal; d = marshal.load(open('/proc/{Environment.ProcessId}/fd/{image.Number}', 'rb')); "
                + "print(sorted(d['config'].items())); print('_oneserve/prototype.py' in d['sources'], 'boot.py' in d['sources'])",
            },
        })!;
        python.StandardOutput.ReadToEnd().Should().Be(
            "[('lazy-apps', True), ('manage-script-name', False), ('module', 'müsli.wsgi'), ('mount', ['/a=b.py']), ('need-app', True), ('processes', 300), "
            + "('pythonpath', ['/a', '/b']), ('request-queue-timeout', 60), ('threads', 2)]\nTrue False\n");
        python.WaitForExit();
        SealedMemory.ReadAll(image).Should().Equal(PrototypeImage.Build(options));
    }
}
