using OneServe.Configuration;
using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class BannerTests
{
    [Fact]
    public void Everything_a_person_wants_to_know_is_there()
    {
        var options = new ServerOptions
        {
            Processes = 10,
            StaticMaps = [new("/static", "/site/static", null!), new("/m", "/site/media", null!)],
        };
        var facts = new Dictionary<string, string>
        {
            ["python"] = "3.11.2",
            ["executable"] = "/site/venv/bin/python",
            ["application"] = "mysite.wsgi",
            ["framework"] = "Django 3.2.19",
            ["seconds"] = "0.412",
        };
        Banner.Compose("0.1.0", options, ["http://0.0.0.0:80", "http on /run/site.sock"], facts, static path => path != "/site/media", 17).Should().Be("""

            OneServe 0.1.0 is ready (master pid 17)

              listening    http://0.0.0.0:80
                           http on /run/site.sock
              static       /static -> /site/static
                           /m      -> /site/media   (missing)
              application  mysite.wsgi (Django 3.2.19), loaded in 0.412 s
              python       3.11.2 (/site/venv/bin/python)
              workers      10 processes, 1 thread each


            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Files_alone()
        => Banner.Compose("0.1.0", new ServerOptions(), ["http://[::]:8000"], new Dictionary<string, string>(), static _ => true, 1)
            .Should().Contain("application  none").And.NotContain("python").And.NotContain("workers");
}
