using OneServe.Posix;

namespace OneServe.Tests.Posix;

public sealed class SharedFileTests
{
    [Fact]
    public void The_last_release_closes_the_descriptor()
    {
        var (read, write) = Descriptors.Pipe();
        using (read)
        {
            var file = new SharedFile(write.Detach());
            file.TryHold().Should().BeTrue();
            file.Release();
            Descriptors.Write(file.Number, "x"u8).Value.Should().Be(1);

            file.Release();

            byte[] byteRead = new byte[2];
            Descriptors.Read(read.Number, byteRead).Value.Should().Be(1);
            Descriptors.Read(read.Number, byteRead).Value.Should().Be(0, "the only write end is closed");
            file.TryHold().Should().BeFalse();
            file.Invoking(shared => shared.Release()).Should().Throw<InvalidOperationException>();
        }
    }

    [Fact]
    public void Holds_from_many_threads_are_counted()
    {
        var (read, write) = Descriptors.Pipe();
        using (read)
        {
            var file = new SharedFile(write.Detach());
            Parallel.For(0, 4, _ =>
            {
                for (int i = 0; i < 10_000; i++)
                {
                    if (file.TryHold())
                        file.Release();
                }
            });
            Descriptors.Write(file.Number, "x"u8).IsError.Should().BeFalse("the creator's hold is left");
            file.Release();
            file.TryHold().Should().BeFalse();
        }
    }
}
