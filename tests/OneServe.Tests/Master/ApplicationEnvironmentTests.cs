using OneServe.Configuration;
using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class ApplicationEnvironmentTests
{
    [Fact]
    public void Settings_are_applied_in_order()
    {
        var settings = new[] { "A=1", "B", "C=x=y", "A=2", "D=1", "D" }.Select(static text => new Setting("env", text, default)).ToArray();
        ApplicationEnvironment.Build(["PATH=/bin", "B=old", "BB=stays", "A=old"], settings).Should().Equal("PATH=/bin", "BB=stays", "C=x=y", "A=2");
    }

    [Fact]
    public void Announcements_of_sockets_are_for_the_master_alone()
        => ApplicationEnvironment.WithoutActivation(["LISTEN_FDS=1", "A=LISTEN_FDS", "LISTEN_PID=7", "LISTEN_FDNAMES=web", "LISTEN=1"])
            .Should().Equal("A=LISTEN_FDS", "LISTEN=1");
}
