using OneServe.Configuration;
using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class BacklogTests
{
    private static readonly ServerOptions Asked = new()
    {
        Backlog = 8000,
        Settings = [new Setting("listen", "8000", new SourceLocation("site.ini", 4))],
    };

    [Fact]
    public void The_kernels_limit_counts_and_is_told()
    {
        Backlog.Of(Asked, 8000).Should().Be(new Backlog(8000, null));
        Backlog.Of(Asked, 128).Should().Match<Backlog>(backlog => backlog.Length == 128)
            .And.Match<Backlog>(backlog => backlog.Note!.StartsWith("site.ini:4: listen = 8000: the kernel lets 128 "));
        Backlog.Of(new ServerOptions(), 128).Note.Should().StartWith("listen = 4096 (the default): ");
    }
}
