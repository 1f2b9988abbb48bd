using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Start;
using OneServe.Tests.Posix;

namespace OneServe.Tests.Master;

[Collection(nameof(DescriptorCollection))]
public sealed class PidFileTests
{
    private static Setting At(string path) => new("pidfile", path, new SourceLocation("site.ini", 4));

    [Fact]
    public void A_file_that_a_dead_master_left_is_taken_over()
    {
        using var directory = new TemporaryDirectory();
        // Pid 1 lives, but it does not hold the lock: its number was given to another process.
        File.WriteAllText(directory["pid"], "1 and more that must not stay\n");
        using (PidFile.Create(At(directory["pid"]), 4711))
            File.ReadAllText(directory["pid"]).Should().Be("4711\n");
    }

    [Fact]
    public void A_living_master_keeps_its_file_and_is_named()
    {
        using var directory = new TemporaryDirectory();
        using (PidFile.Create(At(directory["pid"]), 4711))
        {
            FluentActions.Invoking(() => PidFile.Create(At(directory["pid"]), 4712)).Should().Throw<StartException>().WithMessage("site.ini:4: *4711*");
            File.ReadAllText(directory["pid"]).Should().Be("4711\n");
        }
        using var next = PidFile.Create(At(directory["pid"]), 4712);
        File.ReadAllText(directory["pid"]).Should().Be("4712\n");
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_one_message()
        => FluentActions.Invoking(() => PidFile.Create(At("/nowhere/at/all/pid"), 1))
            .Should().Throw<StartException>().WithMessage("site.ini:4: *No such file*");
}
