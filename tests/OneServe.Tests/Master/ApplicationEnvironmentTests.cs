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
}
