using System.Text;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>`@(exec://…)`: what commands write, at a start; that a check runs none is in the golden files.</summary>
public sealed class InsertedTextTests
{
    private readonly FakeHost _host = new() { Commands = [] };

    [Fact]
    public void Output_is_the_value_without_its_last_newline()
    {
        _host.Commands!["nproc"] = Written("4\n");
        _host.Commands["cat two"] = Written("a\nb\n\n");

        ServerOptions options = Load("processes = @(exec://nproc)", "env = TWO=<@(exec:// cat two)>").Options!;

        options.Processes.Should().Be(4);
        options.Application.Environment.Single().Value.Should().Be("TWO=<a\nb\n>");
        options.Settings.Should().NotContain(setting => setting.IsDeferred);
    }

    [Fact]
    public void Each_occurrence_is_run_once()
    {
        _host.Commands!["date"] = Written("today");
        _host.Commands["pwd"] = Written("/srv");

        Load(
            "stamp = @(exec://date)", "chdir = @(exec://pwd)", "env = A=%(stamp)", "later = 1", "env = B=%(stamp)", "env = C=@(exec://date)",
            "unused = @(exec://date)");

        _host.Ran.Should().BeEquivalentTo("date", "pwd", "date", "date");
    }

    [Fact]
    public void An_overridden_value_is_not_asked_for()
    {
        Load("harakiri = @(exec://slow)", "harakiri = 5").Options!.Settings.Should().Contain(setting => setting.Value == "5");
        _host.Ran.Should().BeEmpty();
    }

    [Fact]
    public void Failure_is_one_error_at_the_command()
    {
        LoadResult result = Load("count = @(exec://count)", "processes = %(count)", "threads = %(count)");

        result.Options.Should().BeNull();
        result.Diagnostics.Select(item => item.ToString()).Should().Equal("site.ini:4: error: `@(exec://count)`: it exited with code 127");
        result.Diagnostics[0].Column.Should().Be(9);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_an_error()
    {
        _host.Commands!["head"] = new FileContent(new byte[] { 1, 0, 2 }, null);

        Load("env = A=@(exec://head)").Diagnostics.Single().ToString().Should().Be("site.ini:4: error: `@(exec://head)`: it does not write text");
    }

    [Fact]
    public void Too_many_commands_are_an_error()
    {
        _host.Commands!["true"] = Written("");

        LoadResult result = Load("for-times = 1000", "env = A%(_)=@(exec://true)", "end");

        result.Options.Should().BeNull();
        result.Diagnostics.Should().Contain(item => item.Message.Contains("more than 100 commands"));
        _host.Ran.Should().HaveCount(100);
    }

    [Fact]
    public void Deferred_values_are_shown_as_written_and_secrets_are_not()
    {
        _host.Commands = null;

        LoadResult result = Load("processes = @(exec://nproc)", "env = API_TOKEN=@(exec://geheim)", "print = @(exec://curl https://user:geheim@vault/key)");

        EffectiveConfiguration.Describe(result.Options!).Should().MatchRegex(@"processes = @\(exec://nproc\) +; site.ini:4, known at a start only\n")
            .And.Contain("env = API_TOKEN=********").And.NotContain("geheim");
        result.Diagnostics.Should().NotContain(item => item.Message.Contains("user:geheim"));
    }

    private static FileContent Written(string text) => new(Encoding.UTF8.GetBytes(text), null);

    private LoadResult Load(params string[] lines)
    {
        _host.Add("/start/site.ini", "[uwsgi]\nhttp = :8000\nmodule = m\n" + string.Join('\n', lines));
        return ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), _host);
    }
}
