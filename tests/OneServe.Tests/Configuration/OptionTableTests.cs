using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class OptionTableTests
{
    [Fact]
    public void Rows_are_well_formed()
    {
        foreach (OptionDefinition option in OptionTable.All)
        {
            option.Name.Should().MatchRegex("^[a-z0-9_-]+$");
            option.Summary.Should().NotBeEmpty().And.NotEndWith(".", option.Name);
            bool takesValue = option.Kind != OptionKind.Flag && !OptionTable.IsBlockOpener(option.Name) && !option.ValueOptional;
            if (option.Support == OptionSupport.Works && takesValue)
            {
                option.Placeholder.Should().NotBeEmpty("--help shows what {0} takes", option.Name);
            }
        }
    }

    [Theory]
    [InlineData("workers", "processes")]
    [InlineData("wsgi", "module")]
    [InlineData("file", "wsgi-file")]
    [InlineData("venv", "home")]
    [InlineData("virtualenv", "home")]
    [InlineData("pyhome", "home")]
    [InlineData("pp", "pythonpath")]
    [InlineData("reload-mercy", "worker-reload-mercy")]
    [InlineData("set-ph", "set-placeholder")]
    [InlineData("include", "ini")]
    public void Aliases_lead_to_their_option(string alias, string name) => OptionTable.Find(alias)!.Name.Should().Be(name);

    [Theory]
    [InlineData('s', "socket")]
    [InlineData('H', "home")]
    [InlineData('M', "master")]
    [InlineData('p', "processes")]
    [InlineData('w', "module")]
    [InlineData('d', "daemonize")]
    [InlineData('T', "enable-threads")]
    [InlineData('t', "harakiri")]
    [InlineData('R', "max-requests")]
    [InlineData('b', "buffer-size")]
    [InlineData('l', "listen")]
    [InlineData('L', "disable-logging")]
    [InlineData('m', "memory-report")]
    [InlineData('C', "chmod-socket")]
    [InlineData('S', "set")]
    public void Short_forms(char letter, string name) => OptionTable.Find(letter)!.Name.Should().Be(name);

    [Theory]
    [InlineData("proceses", "processes")]
    [InlineData("process", "processes")]
    [InlineData("chmod-sockert", "chmod-socket")]
    [InlineData("enable_threads", "enable-threads")]
    [InlineData("py-callos-afterfork", "py-call-osafterfork")]
    [InlineData("theards", "threads")]
    [InlineData("htpt", "http")]
    [InlineData("HTTP", "http")]
    [InlineData("project", null)]
    [InlineData("base", null)]
    [InlineData("ab", null)]
    public void Suggestions(string written, string? meant) => OptionSuggestion.For(written).Should().Be(meant);

    [Fact]
    public void Help_lists_what_works_by_section()
    {
        string help = HelpText.Create();
        help.Should().Contain("  -p, --processes N").And.Contain("Static files:").And.Contain("-t, --harakiri").And.NotContain("--emperor");
        help.Split('\n').Should().OnlyContain(line => line.Length <= 160);
        foreach (string command in (string[])["-h", "--help"])
        {
            ConfigurationLoader.Load(["site.ini", command], new Dictionary<string, string>(), new FakeHost()).Command.Should().Be(StartCommand.Help);
        }

        LoadResult version = ConfigurationLoader.Load(["--version"], new Dictionary<string, string>(), new FakeHost());
        version.Command.Should().Be(StartCommand.Version);
        version.Diagnostics.Should().BeEmpty();
    }
}
