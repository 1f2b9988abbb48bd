using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>What becomes of `exec-*` and `hook-*`.</summary>
public sealed class HookOptionTests
{
    [Fact]
    public void Hooks_of_a_stage_come_before_its_commands_each_in_order()
    {
        var hooks = Bind("exec-pre-app=first", "hook-pre-app=mkdir:/a", "exec-pre-app=second", "hook-pre-app=print:b").Hooks;

        hooks.Select(hook => hook.Setting.Value).Should().Equal("mkdir:/a", "print:b", "first", "second");
        hooks.Should().OnlyContain(hook => hook.Stage == HookStage.PreApplication);
    }

    [Fact]
    public void An_argument_is_everything_behind_the_first_colon()
    {
        var hook = Bind("hook-asap=exec:echo a:b  c").Hooks.Single();

        (hook.Action, hook.Argument, hook.Stage).Should().Be((HookAction.Execute, "echo a:b  c", HookStage.AsSoonAsPossible));
    }

    [Theory]
    [InlineData("unix_signal:15 gracefully_kill_them_all")]
    [InlineData("unix_signal:2 gracefully_kill_them_all")]
    public void The_recipe_for_a_graceful_stop_is_no_hook(string recipe) => Bind($"hook-master-start={recipe}").Hooks.Should().BeEmpty();

    [Theory]
    [InlineData("unix_signal:15 reap_them_all", "what a signal does cannot be chosen")]
    [InlineData("call:uwsgi_log", "run a command: exec:COMMAND")]
    [InlineData("./manage.py migrate", "exec:./manage.py migrate")]
    [InlineData("chown:/a nobody", "FILE USER GROUP")]
    public void What_cannot_be_is_refused_with_the_alternative(string value, string said)
    {
        var diagnostics = Load($"hook-asap = {value}").Diagnostics;

        var error = diagnostics.Single(item => item.Severity == DiagnosticSeverity.Error);
        (error.Message + error.Hint).Should().Contain(said);
        error.Source.Line.Should().Be(4);
    }

    internal static ServerOptions Bind(params string[] settings) => SettingsCodec.Bind([.. settings
        .Select(setting => setting.Split('=', 2))
        .Select(pair => new Setting(pair[0], pair[1], new SourceLocation("test", 1, 1)))]);

    internal static LoadResult Load(params string[] lines)
    {
        var host = new FakeHost();
        host.Add("/start/site.ini", "[uwsgi]\nhttp = :8000\nmodule = m\n" + string.Join('\n', lines) + "\n");
        return ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
    }
}
