using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>A Django team's file as it is, with a real Django in a real virtual environment: only the paths and the port are the test's.</summary>
public sealed class SeedFileScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int HomeLine = 7;

    private static readonly Regex CsrfField = new("name=\"csrfmiddlewaretoken\" value=\"([^\"]+)\"");

    [Fact]
    [Scenario("seed-file-serves-django")]
    public async Task Seed_file_serves_django_with_ten_workers()
    {
        var server = await StartSeedAsync();

        var page = await server.GetAsync("/");

        page.Status.Should().Be(200);
        page["Content-Type"].Should().Be("text/html; charset=utf-8");
        page.Text.Should().Contain("It works through Django").And.Contain("The text of note number 10.");
        await Poll.Until(() => server.Workers.Count == 10, "ten workers");
        server.Workers.Select(worker => worker.WorkerNumber).Should().Equal(Enumerable.Range(1, 10));
        var outcome = await server.StopAsync();
        outcome.ExitCode.Should().Be(0);
    }

    [Fact]
    [Scenario("seed-file-serves-static-and-media")]
    public async Task Seed_file_serves_static_and_media_and_falls_through()
    {
        var server = await StartSeedAsync();

        var style = await server.GetAsync("/static/site.css");
        style.Status.Should().Be(200);
        style["Content-Type"].Should().StartWith("text/css");
        style.Body.Should().Equal(await File.ReadAllBytesAsync(Site.PathOf("myproj/static/site.css")));
        (await server.GetAsync("/media/note.txt")).Text.Should().Be("A file in the media directory.\n");
        var missing = await server.GetAsync("/static/missing.css");
        missing.Status.Should().Be(404);
        missing.Text.Should().Contain("The requested resource was not found on this server", "Django answers what no file does");
    }

    [Fact]
    [Scenario("seed-file-comment-is-told")]
    public async Task The_comment_behind_home_is_told()
    {
        var server = await StartSeedAsync();

        await server.WaitForLineAsync(Messages.TrailingComment);
        var line = server.Log.Lines.Where(text => Messages.TrailingComment.IsMatch(text)).Should().ContainSingle("one line says so").Subject;
        Messages.At("site.ini", HomeLine).IsMatch(line).Should().BeTrue(line);
    }

    [Fact]
    [Scenario("django-session-form-and-upload")]
    public async Task Sessions_forms_and_uploads_work()
    {
        var server = await StartSeedAsync();

        var first = await server.GetAsync("/count/");
        first.Text.Should().Be("1");
        string session = first.All("Set-Cookie").Single(cookie => cookie.StartsWith("sessionid=", StringComparison.Ordinal)).Split(';')[0];
        (await server.GetAsync("/count/", $"Cookie: {session}")).Text.Should().Be("2");

        var form = await server.GetAsync("/notes/");
        string cookie = form.All("Set-Cookie").Single(value => value.StartsWith("csrftoken=", StringComparison.Ordinal)).Split(';')[0];
        string token = CsrfField.Match(form.Text).Groups[1].Value;
        var refused = await server.PostAsync("/notes/", "author=Eve&text=without+a+token"u8.ToArray(), "Content-Type: application/x-www-form-urlencoded");
        refused.Status.Should().Be(403);
        byte[] fields = System.Text.Encoding.ASCII.GetBytes($"csrfmiddlewaretoken={token}&author=Ann&text=written+by+a+test");
        var accepted = await server.PostAsync("/notes/", fields, "Content-Type: application/x-www-form-urlencoded", $"Cookie: {cookie}");
        accepted.Status.Should().Be(302);
        (await server.GetAsync("/")).Text.Should().Contain("written by a test");

        byte[] picture = new byte[300_000];
        Random.Shared.NextBytes(picture);
        var uploaded = await server.PostAsync(
            "/upload/", Multipart(token, picture), "Content-Type: multipart/form-data; boundary=frontier", $"Cookie: {cookie}");
        uploaded.Text.Should().Be("300000");
        (await server.GetAsync("/media/picture.bin")).Body.Should().Equal(picture);
    }

    private static byte[] Multipart(string token, byte[] file)
    {
        using var body = new MemoryStream();
        body.Write(System.Text.Encoding.ASCII.GetBytes(
            $"--frontier\r\nContent-Disposition: form-data; name=\"csrfmiddlewaretoken\"\r\n\r\n{token}\r\n"
            + "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"picture.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
        body.Write(file);
        body.Write("\r\n--frontier--\r\n"u8);
        return body.ToArray();
    }

    private async Task<OneServeProcess> StartSeedAsync()
    {
        Site.CopyApp("djangosite", "myproj");
        string project = Site.PathOf("myproj");
        string venv = Site.PathOf("myproj/venv");
        Interpreters.MakeVirtualEnvironment(venv);
        Interpreters.Run(Path.Combine(venv, "bin", "python"), Path.Combine(project, "manage.py"), "migrate", "--verbosity", "0");
        Site.Write("site.ini", $"""
            [uwsgi]
            http            = 0.0.0.0:{Site.Port}
            static-map      = /static={project}/static
            static-map      = /media={project}/media
            chdir           = {project}
            module          = myproj.wsgi
            home            = {project}/venv  # this is the virtualenv path
            master          = true
            processes       = 10
            vacuum          = true
            """);
        return await StartAsync("site.ini");
    }
}
