using System.Globalization;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Files of public projects, chosen for variety, are started with stand-ins for their paths and modules, and serve.</summary>
public sealed class CorpusScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private static readonly string[] Chosen =
    [
        "0-ng+ice-wine__uwsgi.ini",
        "123seven+drf_boilerplate__deploy_uwsgi.ini",
        "297jy+flowmeter__uwsgi.ini",
        "APSL+docker-puput__conf_uwsgi.ini",
        "APSL+sauron__docker_uwsgi.ini",
        "AjuntamentdeBarcelona+iris__docker_uwsgi.ini",
        "Amsterdam+mijn-decos-join-api__conf_uwsgi.ini",
        "AnderUstarroz+job_crawler__config_uwsgi.ini",
        "Brawn1+tiny-warehouse__docker_uwsgi.ini",
        "City-of-Helsinki+hauki__deploy_uwsgi.ini",
        "City-of-Helsinki+mvj__deploy_uwsgi.ini",
        "City-of-Helsinki+respa__deploy_uwsgi.ini",
        "Cray-HPE+bos__config_uwsgi.ini",
        "Dispatcharr+Dispatcharr__docker_uwsgi.dev.ini",
        "KryptedGaming+krypted__conf_uwsgi.ini",
        "MIT-LCP+physionet-build__docker_uwsgi.ini",
        "chasmack+hummaps__uwsgi_uwsgi.ini",
        "healthchecks+healthchecks__docker_uwsgi.ini",
        "redimp+otterwiki__docker_uwsgi-slim.ini",
        "sissbruecker+linkding__uwsgi.ini",
    ];

    private static readonly Regex HttpLine = new(@"^http(-socket)?\s*=", RegexOptions.Multiline);

    /// <summary>Variables that the files take for given.</summary>
    private static readonly Dictionary<string, string?> Environment = new() { ["UWSGI_PROCESSES"] = "2", ["UWSGI_THREADS"] = "2" };

    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        foreach (string path in Corpus.Files(Chosen))
        {
            files.Add(path);
        }

        return files;
    }

    [Theory]
    [Scenario("public-files-start-and-serve")]
    [MemberData(nameof(Files))]
    public async Task Public_files_start_and_serve(string path)
    {
        Tell(Corpus.Folder is { } folder ? $"{folder}: {path}" : "the public files are not on this machine: the project's own samples stand in");
        string text = await File.ReadAllTextAsync(path);
        StandIns.Write(Site, text);
        string[] arguments = HttpLine.IsMatch(text)
            ? ["site.ini"]
            : ["--http", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Site.Port}"), "site.ini"];

        var environment = Environment.Where(variable => text.Contains($"$({variable.Key})", StringComparison.Ordinal)).ToDictionary();
        var server = Launch(environment, arguments);
        await server.WaitReadyAsync();

        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
        server.Log.Lines.Should().NotContain(line => Messages.StackTrace.IsMatch(line));
        (await server.StopAsync()).ExitCode.Should().Be(0);
    }
}
