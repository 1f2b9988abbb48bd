using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class ScalingOptionTests
{
    [Fact]
    public void Nothing_said_means_a_fixed_number()
    {
        var options = Load("processes = 4").Options!;

        options.Scaling.Should().Be(new ScalingOptions());
        (options.Scaling.IsOn, options.Scaling.WantsLoad, options.InitialProcesses, options.WakingProcesses).Should().Be((false, false, 4, 4));
    }

    [Fact]
    public void All_of_them()
    {
        var options = Load("""
            processes = 20
            cheaper = 2
            cheaper-initial = 5
            cheaper-step = 3
            cheaper-algo = busyness
            cheaper-overload = 30
            cheaper-idle = 60
            cheaper-rss-limit-soft = 134217728
            cheaper-rss-limit-hard = 167772160
            cheaper-busyness-max = 70
            cheaper-busyness-min = 20
            cheaper-busyness-multiplier = 15
            cheaper-busyness-penalty = 4
            cheaper-busyness-verbose = true
            cheaper-busyness-backlog-alert = 16
            cheaper-busyness-backlog-multiplier = 5
            cheaper-busyness-backlog-step = 2
            cheaper-busyness-backlog-nonzero = 45
            idle = 600
            die-on-idle = true
            """).Options!;

        options.Scaling.Should().Be(new ScalingOptions
        {
            Least = 2,
            Initial = 5,
            Step = 3,
            Algorithm = ScalingAlgorithm.Busyness,
            Overload = 30,
            Calm = TimeSpan.FromMinutes(1),
            ResidentToStay = 134217728,
            ResidentToShrink = 167772160,
            Busyness = new BusynessOptions
            {
                Most = 70,
                Least = 20,
                Rounds = 15,
                Penalty = 4,
                IsVerbose = true,
                Alert = 16,
                AlertRounds = 5,
                AlertStep = 2,
                AlertTime = TimeSpan.FromSeconds(45),
            },
            Idle = TimeSpan.FromMinutes(10),
            EndsWhenIdle = true,
        });
        (options.InitialProcesses, options.WakingProcesses).Should().Be((5, 2));
    }

    [Fact]
    public void Cheap_begins_with_none()
    {
        var options = Load("processes = 4\ncheap = true").Options!;
        (options.InitialProcesses, options.WakingProcesses, options.Scaling.WantsLoad).Should().Be((0, 4, true));
    }

    [Fact]
    public void Cheaper_of_zero_is_off() => Load("processes = 4\ncheaper = 0").Options!.Scaling.IsOn.Should().BeFalse();

    [Theory]
    [InlineData("cheaper = 1", "`cheaper` is the fewest workers and must be lower than `processes`, the most: 1 is not lower than 1")]
    [InlineData("cheaper = 4\nprocesses = 4", "4 is not lower than 4")]
    [InlineData("cheaper = -1\nprocesses = 4", "`cheaper` must be a number from 0 to 1000, not -1")]
    [InlineData("cheaper-algo = best\ncheaper = 1\nprocesses = 4", "`cheaper-algo` must be one of spare, spare2, backlog, busyness, manual, not best")]
    [InlineData("cheaper-step = 0\ncheaper = 1\nprocesses = 4", "`cheaper-step` must be a number from 1 to 1000, not 0")]
    [InlineData("cheaper-overload = 0\ncheaper-algo = busyness\ncheaper = 1\nprocesses = 4", "`cheaper-overload` must be a number from 1")]
    [InlineData("cheaper-rss-limit-hard = 9\ncheaper = 1\nprocesses = 4", "`cheaper-rss-limit-hard` needs `cheaper-rss-limit-soft`, a lower one")]
    [InlineData("cheaper-rss-limit-hard = 9\ncheaper-rss-limit-soft = 9\ncheaper = 1\nprocesses = 4", "(9) must be higher than `cheaper-rss-limit-soft` (9)")]
    [InlineData("cheaper-busyness-max = 101\ncheaper = 1\nprocesses = 4", "`cheaper-busyness-max` must be a number from 1 to 100, not 101")]
    [InlineData("idle = soon", "`idle` needs a whole number")]
    public void What_does_not_go_together_is_an_error_at_its_line(string lines, string message)
    {
        var result = Load(lines);

        result.Options.Should().BeNull();
        result.Diagnostics.Should().Contain(
            item => item.Severity == DiagnosticSeverity.Error && item.Message.Contains(message) && item.Source.Line == 2,
            "{0}",
            string.Join('\n', result.Diagnostics));
    }

    [Theory]
    [InlineData("cheaper-initial = 1\ncheaper = 2\nprocesses = 4", 2, "must be a number from 2 (`cheaper`) to 4 (`processes`), not 1: 2 is taken")]
    [InlineData("cheaper-initial = 9\ncheaper = 2\nprocesses = 4", 4, "not 9: 4 is taken")]
    public void An_initial_number_out_of_bounds_is_brought_to_the_nearer_one(string lines, int initial, string message)
    {
        var result = Load(lines);

        result.Options!.Scaling.Initial.Should().Be(initial);
        Warning(result).Should().Contain(message);
    }

    [Theory]
    [InlineData("cheaper-algo = spare2", "`cheaper-algo` has no effect without `cheaper`")]
    [InlineData("die-on-idle = true", "`die-on-idle` has no effect without `idle`")]
    [InlineData("cheaper-busyness-min = 60\ncheaper-algo = busyness\ncheaper = 1\nprocesses = 2", "should be lower than `cheaper-busyness-max` (50)")]
    public void What_is_pointless_is_a_warning_at_its_line(string lines, string message) => Warning(Load(lines)).Should().Contain(message);

    private static string Warning(LoadResult result)
    {
        var warning = result.Diagnostics.Should().ContainSingle(item => item.Severity == DiagnosticSeverity.Warning).Which;
        warning.Source.Line.Should().Be(2);
        return warning.Message;
    }

    private static LoadResult Load(string lines)
    {
        var host = new FakeHost().Add("/start/site.ini", $"[uwsgi]\n{lines}\nhttp = :8000\nmodule = m\n");
        return ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
    }
}
