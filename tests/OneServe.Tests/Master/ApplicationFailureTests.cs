using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class ApplicationFailureTests
{
    private static readonly ServerOptions Options = new()
    {
        Application = new ApplicationOptions
        {
            Module = At("module", "mysite.wsgi", 3),
            Callable = At("callable", "app", 4),
            Directory = At("chdir", "/srv/site", 5),
            Home = At("home", "/srv/venv", 6),
        },
    };

    private static Setting At(string name, string value, int line) => new(name, value, new SourceLocation("site.ini", line));

    [Theory]
    [InlineData("chdir", "site.ini:5: chdir = /srv/site: ")]
    [InlineData("module-not-found", "site.ini:3: module = mysite.wsgi: ")]
    [InlineData("import-error", "site.ini:3: module = mysite.wsgi: ")]
    [InlineData("callable-missing", "site.ini:4: callable = app: ")]
    [InlineData("not-callable", "site.ini:4: callable = app: ")]
    [InlineData("file-not-found", "site.ini:3: module = mysite.wsgi: ")]
    [InlineData("python-too-old", "site.ini:6: home = /srv/venv: ")]
    [InlineData("internal", "site.ini:3: module = mysite.wsgi: ")]
    public void The_option_concerned_is_named_and_python_is_heard_in_full(string kind, string begin)
        => new ApplicationFailure(kind, "Traceback\n  line\n").Explain(Options).Should().StartWith(begin).And.Contain(":\nTraceback\n  line");

    [Fact]
    public void A_limit_that_may_be_the_reason_is_named()
    {
        var limited = Options with { Attributes = new ProcessOptions { AddressSpace = 20 } };

        ApplicationFailure.Ended("a worker", "exited with code 1").Explain(limited).Should().Contain("`limit-as` leaves it 20 MiB");
        ApplicationFailure.Ended("a worker", "exited with code 1").Explain(Options).Should().NotContain("limit-as");
    }

    [Fact]
    public void What_a_hook_has_failed_with_is_the_whole_message()
        => ApplicationFailure.Hook("site.ini:9: exec-pre-app = false: …").Should().Match<ApplicationFailure>(
            failure => failure.Explain(Options) == failure.Text && failure.ExitCode == ExitCodes.StartFailed);

    [Fact]
    public void Without_an_option_to_blame_it_is_still_a_sentence()
        => new ApplicationFailure("python-too-old", "3.5").Explain(new ServerOptions())
            .Should().StartWith("Cannot load the application: this Python is too old:\n3.5\n");
}
