using System.Text.RegularExpressions;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>What is written about options is what the table says.</summary>
public sealed partial class OptionDocumentTests
{
    /// <summary>With ONESERVE_WRITE_GOLDEN=1 in the environment the document is written anew.</summary>
    [Fact]
    public void Document_is_fresh()
    {
        string path = Path.Combine(Repository.Root, "docs", "options.md");
        string wanted = OptionDocument.Create();
        if (Environment.GetEnvironmentVariable("ONESERVE_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(path, wanted);
        }

        File.ReadAllText(path).Should().Be(wanted, "docs/options.md is made from the table: ONESERVE_WRITE_GOLDEN=1 writes it");
    }

    /// <summary>The README's first column names options; an asterisk or an ellipsis stands for more of them.</summary>
    [Fact]
    public void Readme_names_options_that_work()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .SkipWhile(line => line != "| option | what it does |").Skip(2).TakeWhile(line => line.StartsWith('|'))];
        rows.Should().NotBeEmpty();
        foreach (string name in rows.SelectMany(row => Quoted().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value)))
        {
            if (name.IndexOfAny(['$', '%', '@']) >= 0)
            {
                continue;
            }

            OptionTable.All
                .Where(option => name.EndsWith('*')
                    ? option.Section != OptionSection.Absent && option.Name.StartsWith(name[..^1], StringComparison.Ordinal)
                    : OptionTable.Find(name) == option)
                .Should().NotBeEmpty("the README names {0}", name)
                .And.OnlyContain(option => option.Support == OptionSupport.Works || option.Support == OptionSupport.AlwaysSo, "the README names {0}", name);
        }
    }

    /// <summary>The ranks of use: none of what people write is unknown.</summary>
    [Theory]
    [InlineData("master processes workers module wsgi socket uwsgi-socket chdir vacuum chmod-socket threads enable-threads uid gid max-requests buffer-size")]
    [InlineData("wsgi-file file harakiri pidfile die-on-term http static-map http-socket env home virtualenv venv pyhome callable logto daemonize stats")]
    [InlineData("disable-logging disable-write-exception plugin plugins memory-report reload-on-rss reload-on-as ignore-sigpipe ignore-write-errors lazy-apps")]
    [InlineData("lazy strict thunder-lock touch-reload single-interpreter ini include http-timeout worker-reload-mercy reload-mercy post-buffering logger")]
    [InlineData("req-logger log-master pythonpath pp chown-socket need-app py-autoreload listen socket-timeout route offload-threads manage-script-name")]
    [InlineData("http-keepalive if-env if-not-env endif max-worker-lifetime log-4xx log-5xx log-format logformat no-orphans mount protocol attach-daemon")]
    [InlineData("attach-daemon2 smart-attach-daemon harakiri-verbose cheaper cheaper-initial show-config static-expires check-static alarm alarm-segfault")]
    [InlineData("alarm-backlog alarm-log py-call-uwsgi-fork-hooks py-call-osafterfork harakiri-graceful-timeout harakiri-graceful-signal gevent")]
    [InlineData("harakiri-queue-threshold log-encoder hook-master-start hook-pre-app exec-pre-app exec-asap hook-as-user exec-as-user umask cron unique-cron")]
    [InlineData("cron2 stats-http max-requests-delta max-worker-lifetime-delta vhost log-maxsize log-date log-slow honour-stdin auto-procname cpu-affinity")]
    [InlineData("limit-as limit-post max-fd http-auto-chunked print logfile-chown add-header static-gzip-all static-gzip-dir static-gzip-ext static-gzip")]
    [InlineData("master-fifo touch-chain-reload http-websockets http-connect-timeout chunked-input-timeout log-x-forwarded-for wsgi-disable-file-wrapper")]
    [InlineData("wsgi-env-behaviour import binary-path subscribe-to idle spooler mule cache2 enable-metrics unsubscribe-on-graceful-reload optimize pyargv")]
    [InlineData("static-expires-type-mtime procname-prefix-spaced paste https http-to-https static-map2 static-index static-safe static-skip-ext mimefile")]
    [InlineData("static-cache-paths honour-range file-serve-mode reuse-port so-keepalive tcp-nodelay error-page-403 error-page-404 error-page-500 emperor")]
    [InlineData("zerg legion response-headers-limit reload-on-exception catch-exceptions close-on-exec fs-reload enable-metrics master-as-root chroot")]
    public void What_people_write_is_known(string names)
    {
        foreach (string name in names.Split(' '))
        {
            OptionTable.Find(name).Should().NotBeNull("{0} has a row", name);
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
