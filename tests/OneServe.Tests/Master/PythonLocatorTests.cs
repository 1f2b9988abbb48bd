using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class PythonLocatorTests
{
    private static readonly Setting Home = new("home", "/site/venv", new SourceLocation("site.ini", 7));

    [Theory]
    [InlineData(true, "/site/venv/bin/python /usr/bin/python3", "/site/venv/bin/python")]
    [InlineData(true, "/site/venv/bin/python3 /active/bin/python", "/site/venv/bin/python3")]
    [InlineData(false, "/active/bin/python /usr/bin/python3", "/active/bin/python")]
    [InlineData(false, "/usr/bin/python3", "/usr/bin/python3")]
    [InlineData(false, "/usr/bin/python3 /opt/bin/python3", "/opt/bin/python3")]
    public void The_nearest_interpreter_is_taken(bool home, string executables, string expected)
        => Locator(executables).Find(home ? Home : null).Should().Be(expected);

    [Fact]
    public void A_home_without_python_is_no_reason_to_take_another()
        => FluentActions.Invoking(() => Locator("/usr/bin/python3 /active/bin/python").Find(Home)).Should().Throw<StartException>()
            .WithMessage("site.ini:7: home = /site/venv: *\n  /site/venv/bin/python\n  /site/venv/bin/python3\n*python3 -m venv*");

    [Fact]
    public void All_that_was_looked_for_is_listed()
        => FluentActions.Invoking(() => Locator("").Find(null)).Should().Throw<StartException>()
            .WithMessage("*\n  /active/bin/python\n  /opt/bin/python3\n  /usr/bin/python3\n*");

    private static PythonLocator Locator(string executables) => new(
        name => name switch { "VIRTUAL_ENV" => "/active", "PATH" => "/opt/bin:/usr/bin", _ => null },
        path => executables.Split(' ').Contains(path));
}
