using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Tests.Posix;

public sealed class SpawnTests
{
    private const string Report = """
        echo "$KEY $ONLY"
        ls /proc/self/fd | tr '\n' ' '; echo
        grep -E '^Sig(Blk|Ign):' /proc/self/status | cut -f2 | tr '\n' ' '; echo
        [ $(ps -o sid= -p $$) = $$ ] && echo leader
        echo to-four >&4
        exit 7
        """;

    [Fact]
    public void A_process_gets_what_was_listed_and_nothing_else()
    {
        var (read, write) = Descriptors.Pipe();
        var (read4, write4) = Descriptors.Pipe();
        // Inheritable on purpose: what is not listed is closed even then.
        int leak = Syscall.dup(read.Number);
        using (read)
        using (read4)
        {
            SysResult pid;
            using (write)
            using (write4)
            {
                // 3 and 4 cross: each source is the other's target, if the numbers happen to fall so.
                pid = Spawn.Start(new SpawnRequest(
                    "/bin/sh",
                    ["sh", "-c", Report],
                    ["KEY=välue", "PATH=/usr/bin:/bin"],
                    [new(0, 0), new(write.Number, 1), new(2, 2), new(read.Number, 3), new(write4.Number, 4)]));
            }
            pid.IsError.Should().BeFalse();
            string[] lines = ReadAll(read).Split('\n');
            lines[0].Should().Be("välue ");
            lines[1].Should().Be("0 1 2 3 4 5 ", "5 is the directory that ls reads");
            // 32 and 33 are the C library's own; whoever started the tests may have had them ignored.
            lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static set => Convert.ToUInt64(set, 16) & ~0x180000000UL).Should().Equal(0, 0);
            lines[3].Should().Be("leader");
            ReadAll(read4).Should().Be("to-four\n");
            Syscall.waitpid(pid.Int, out int status, 0).Should().Be(pid.Int);
            ExitStatus.Decode(status).Should().Be(new ExitStatus(7, 0, false));
        }
        Syscall.close(leak);
    }

    [Fact]
    public void A_program_that_is_not_there_is_an_errno()
        => Spawn.Start(new SpawnRequest("/nowhere", ["x"], [], [new(0, 0)])).Errno.Should().Be(OneServe.Posix.Errno.ENOENT);

    [Theory]
    [InlineData(0, "exited with code 0", true)]
    [InlineData(22 << 8, "exited with code 22", false)]
    [InlineData(9, "killed by SIGKILL", false)]
    [InlineData(11 | 0x80, "killed by SIGSEGV (core dumped)", false)]
    [InlineData(40, "killed by signal 40", false)]
    public void Statuses_read_well(int raw, string expected, bool success)
    {
        ExitStatus.Decode(raw).ToString().Should().Be(expected);
        ExitStatus.Decode(raw).IsSuccess.Should().Be(success);
    }

    private static string ReadAll(SafeDescriptor descriptor)
    {
        var all = new List<byte>();
        byte[] buffer = new byte[4096];
        while (Descriptors.Read(descriptor.Number, buffer) is { IsError: false, Int: > 0 and var count })
            all.AddRange(buffer[..count]);
        return System.Text.Encoding.UTF8.GetString([.. all]);
    }
}
