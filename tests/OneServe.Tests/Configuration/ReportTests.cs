using System.Text.Json;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>What `oneserve check` and `oneserve config` print.</summary>
public sealed class ReportTests
{
    [Fact]
    public void A_finding_shows_its_line_with_a_caret_and_the_fix()
    {
        var report = new FindingReport(_ => ["[uwsgi]", "processes\t= ten", "env = API_KEY=geheim"]);
        Diagnostic[] findings =
        [
            new(DiagnosticSeverity.Notice, "the application runs with python", new SourceLocation("site.ini", 0)),
            new(DiagnosticSeverity.Warning, "something about it\nPython says\n more", new SourceLocation("site.ini", 3, 7), "do this"),
            new(DiagnosticSeverity.Error, "a number is needed", new SourceLocation("site.ini", 2, 13)),
        ];
        report.Write(findings).Should().Be("""
            site.ini:2:13: error: a number is needed
                2 | processes = ten
                  |             ^

            site.ini:3:7: warning: something about it
                3 | env = API_KEY=********
                  |       ^
                Python says
                 more
                  = do this

            site.ini: note: the application runs with python
            It cannot start: 1 error, 1 warning, 1 note

            """);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Long_lines_and_wrong_columns_do_no_harm(int column)
    {
        var report = new FindingReport(_ => [new string('x', 1000)]);
        string text = report.Write([new Diagnostic(DiagnosticSeverity.Error, "too long a line", new SourceLocation("a.ini", 1, column))]);
        text.Split('\n').Should().OnlyContain(line => line.Length < 140);
        new FindingReport(_ => []).Write([new Diagnostic(DiagnosticSeverity.Error, "no such line", new SourceLocation("a.ini", 7, column))]).Should().NotContain("|");
    }

    [Fact]
    public void Control_characters_do_not_reach_the_terminal()
    {
        var report = new FindingReport(_ => ["a = \e[31m"]);
        Diagnostic[] findings =
        [
            new(DiagnosticSeverity.Error, "not `\e[31m`\nsays\a", new SourceLocation("a.ini", 1, 5), "\e[2J"),
            new(DiagnosticSeverity.Notice, "\e]0;title\a", new SourceLocation("a.ini", 1)),
        ];
        report.Write(findings).Where(char.IsControl).Should().OnlyContain(letter => letter == '\n');
    }

    [Fact]
    public void Control_characters_do_not_reach_a_log_either()
    {
        FakeHost host = new FakeHost().Add("/start/site.ini", "[uwsgi]\nhttp = :1\nmodule = m\nthreads = \e[31m\nprocesess\e[2J = 1\nstrict = true\n");
        ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host).Diagnostics.Select(item => item.Message + item.Hint)
            .Should().HaveCount(2).And.NotContain(text => text.Any(char.IsControl));
    }

    [Fact]
    public void A_line_of_an_env_file_is_not_shown()
    {
        FakeHost host = new FakeHost().Add("/start/a.env", "A=1\nAPI_TOKEN geheim\n");
        host.Add("/start/site.ini", "[uwsgi]\nhttp = :1\nmodule = m\nenv-file = a.env\n");
        Diagnostic[] findings = [.. ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host).Diagnostics];
        string report = new FindingReport(_ => ["A=1", "API_TOKEN geheim"]).Write(findings);
        report.Should().Contain("/start/a.env:2:1: error: `env-file`: the line is no NAME=value").And.NotContain("geheim");
    }

    [Fact]
    public void Lines_of_a_value_stay_on_one()
    {
        FakeHost host = new FakeHost().Add("/start/two", "a\nb\n").Add("/start/site.ini", "[uwsgi]\nhttp = :1\nmodule = m\nenv = A=@(two)\n");
        ServerOptions options = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host).Options!;
        EffectiveConfiguration.Describe(options).Should().MatchRegex(@"(?m)^env = A=a\\nb +; site.ini:4$");
    }

    [Fact]
    public void Json_holds_the_same()
    {
        string json = FindingJson.Write([new Diagnostic(DiagnosticSeverity.Notice, "`ü` \"quoted\"", new SourceLocation("a.ini", 3, 5))]);
        var finding = JsonDocument.Parse(json).RootElement.GetProperty("findings")[0];
        finding.GetProperty("message").GetString().Should().Be("`ü` \"quoted\"");
        finding.GetProperty("line").GetInt32().Should().Be(3);
        finding.GetProperty("hint").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("env", "SECRET_KEY=abc", "SECRET_KEY=********")]
    [InlineData("env", "DB_PASSWORD=abc", "DB_PASSWORD=********")]
    [InlineData("env", "BROKER=amqp://site:geheim@queue/", "BROKER=amqp://site:********@queue/")]
    [InlineData("env", "SECRET_KEY", "SECRET_KEY")]
    [InlineData("env", "LANG=C.UTF-8", "LANG=C.UTF-8")]
    [InlineData("set", "api_token=abc", "api_token=********")]
    [InlineData("route", "^/x basicauth:Staff,ann:geheim", "^/x basicauth:Staff,ann:********")]
    [InlineData("route", "^/x basicauth:Staff,/etc/passwords", "^/x basicauth:Staff,/etc/passwords")]
    [InlineData("module", "keys.wsgi:application", "keys.wsgi:application")]
    public void Secrets_are_masked(string name, string value, string shown) => Secrecy.Show(name, value).Should().Be(shown);

    /// <summary>read(print(x)) = x: what `config` prints is a file that means the same.</summary>
    [Theory]
    [MemberData(nameof(PublicFiles))]
    public void What_is_printed_reads_the_same(string path)
    {
        var environment = new Dictionary<string, string>();
        if (ConfigurationLoader.Load([path], environment).Options is not { } options)
        {
            return;
        }

        // Without the remarks behind the values, which some options would take for a part of them.
        Setting[] settings = [.. options.Settings];
        string printed = "[uwsgi]\n" + string.Join('\n', settings.Select(setting => setting.ToString().Replace("%", "%%", StringComparison.Ordinal)
            .Replace("%%(", "%(", StringComparison.Ordinal))) + "\n";
        FakeHost host = new FakeHost().Add("/start/site.ini", printed);
        LoadResult again = ConfigurationLoader.Load(["site.ini"], environment, host);
        again.Options!.Settings.Select(setting => setting.ToString()).Should().Equal(settings.Select(setting => setting.ToString()));
    }

    public static TheoryData<string> PublicFiles() => Configuration.PublicFiles.Theory();
}
