using OneServe.Master.Processes;

namespace OneServe.Tests.Master;

public sealed class LineAllocatorTests
{
    [Fact]
    public void Stretches_do_not_overlap_never_hold_the_header_and_come_back()
    {
        var lines = new LineAllocator(10);
        lines.Take(4).Should().Be(1);
        lines.Take(4).Should().Be(5);
        lines.Take(2).Should().Be(0, "one line is left");
        lines.Free.Should().Be(1);
        lines.Return(1, 4);
        lines.Take(5).Should().Be(0, "lines 1 to 4 and 9 do not lie side by side");
        lines.Take(3).Should().Be(1);
        lines.Take(1).Should().Be(4);
        lines.Take(1).Should().Be(9);
        lines.Free.Should().Be(0);
    }
}
