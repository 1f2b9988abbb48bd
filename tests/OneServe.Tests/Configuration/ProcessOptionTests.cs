using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class ProcessOptionTests
{
    [Theory]
    [InlineData("2", 2)]
    [InlineData("027", 23)]
    [InlineData("0022", 18)]
    public void A_mask_is_octal_whatever_its_length(string mask, int bits) => Bind($"umask={mask}").Attributes.CreationMask.Should().Be(bits);

    [Fact]
    public void Nothing_said_leaves_everything_as_it_is()
    {
        var options = Bind("http=:1");

        options.Attributes.Should().Be(new ProcessOptions());
        (options.Attributes.Titles.OfMaster, options.Attributes.Titles.Of("own")).Should().Be((null, "own"));
        options.Daemon.Should().BeNull();
        options.MorePidFiles.Should().BeEmpty();
    }

    [Theory]
    [InlineData("auto-procname=true", TitleOptions.MasterTitle, "own")]
    [InlineData("procname=shop", "shop", "shop")]
    [InlineData("procname-master=boss", "boss", "own")]
    [InlineData("procname-prefix-spaced=[a] auto-procname=true", "[a] " + TitleOptions.MasterTitle, "[a] own")]
    [InlineData("procname-prefix=a- procname-append=-b", "a-" + TitleOptions.MasterTitle + "-b", "a-own-b")]
    [InlineData("procname=shop procname-master=boss", "boss", "shop")]
    public void Titles(string settings, string master, string other)
    {
        var titles = Bind(settings.Split(' ')).Attributes.Titles;

        (titles.OfMaster, titles.Of("own")).Should().Be((master, other));
    }

    [Fact]
    public void One_file_is_not_written_by_two_options()
    {
        var files = Bind("pidfile=/a", "safe-pidfile=/a", "pidfile2=/b", "safe-pidfile2=/b").MorePidFiles;

        files.Select(file => (file.Setting.Value, file.OwnedByUser, file.WhenReady)).Should().Equal(("/b", true, false));
    }

    [Fact]
    public void The_background_has_a_log_file_and_its_owner()
    {
        Bind("daemonize=/a.log").Daemon.Should().Match<DaemonOptions>(daemon => daemon.Setting.Value == "/a.log" && !daemon.OwnedByUser);
        Bind("daemonize2=/a.log").Daemon.Should().Match<DaemonOptions>(daemon => daemon.OwnedByUser);
    }

    private static ServerOptions Bind(params string[] settings) => HookOptionTests.Bind(settings);
}
