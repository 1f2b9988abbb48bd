using OneServe.Master.Logging;

namespace OneServe.Tests.Master.Logging;

public sealed class FileReceiverTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _told = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_goes_on_at_the_end_of_what_is_there()
    {
        File.WriteAllText(_directory["log"], "before\n");
        using (var receiver = Open("log"))
            receiver.Write("after\n"u8);

        File.ReadAllText(_directory["log"]).Should().Be("before\nafter\n");
    }

    [Fact]
    public void A_file_that_is_too_large_is_renamed_and_never_replaces_one_of_the_same_second()
    {
        using var receiver = Open("log", maxSize: 10);
        for (int i = 0; i < 20; i++)
            receiver.Write("a line of the log\n"u8);

        string[] files = Directory.GetFiles(Path.GetDirectoryName(_directory["log"])!);
        files.Should().Contain(file => System.Text.RegularExpressions.Regex.IsMatch(file, @"log\.\d{10}$")).And.HaveCountLessThan(10);
        files.SelectMany(File.ReadAllLines).Should().HaveCount(20).And.OnlyContain(line => line == "a line of the log");
        _told.Should().BeEmpty();
    }

    [Fact]
    public void A_backup_name_is_used_again()
    {
        using var receiver = Open("log", maxSize: 1, backupName: _directory["old"]);
        receiver.Write("one\n"u8);
        receiver.Write("two\n"u8);

        File.ReadAllText(_directory["old"]).Should().Be("two\n");
        File.ReadAllText(_directory["log"]).Should().BeEmpty();
    }

    [Fact]
    public void A_file_that_cannot_be_renamed_grows_on_and_it_is_told_once()
    {
        using var receiver = Open("log", maxSize: 1, backupName: _directory["missing/old"]);
        receiver.Write("one\n"u8);
        receiver.Write("two\n"u8);

        File.ReadAllText(_directory["log"]).Should().Be("one\ntwo\n");
        _told.Should().ContainSingle().Which.Should().Contain("missing/old").And.Contain("No such file");
    }

    [Fact]
    public void A_file_that_cannot_be_opened_anew_is_kept()
    {
        using var receiver = Open("log");
        File.Move(_directory["log"], _directory["renamed"]);
        Directory.CreateDirectory(_directory["log"]);
        receiver.Reopen();
        receiver.Reopen();
        receiver.Write("kept\n"u8);

        File.ReadAllText(_directory["renamed"]).Should().Be("kept\n");
        _told.Should().ContainSingle().Which.Should().Contain("cannot be opened again");
    }

    [Fact]
    public void What_a_full_disk_does_not_take_is_told_once()
    {
        File.CreateSymbolicLink(_directory["log"], "/dev/full");
        using var receiver = Open("log");
        receiver.Write("one\ntwo\n"u8);
        receiver.Write("three\n"u8);

        _told.Should().ContainSingle().Which.Should().Contain("No space left on device");
    }

    [Fact]
    public void A_pipe_that_nobody_reads_is_an_error_at_once()
    {
        Mono.Unix.Native.Syscall.mkfifo(_directory["log"], Mono.Unix.Native.FilePermissions.S_IRUSR | Mono.Unix.Native.FilePermissions.S_IWUSR).Should().Be(0);

        new LogFile(_directory["log"], null, null).Open().IsError.Should().BeTrue();
    }

    [Fact]
    public void A_mode_is_set_whatever_it_was()
    {
        File.WriteAllText(_directory["log"], "");
        new FileReceiver(new LogFile(_directory["log"], 0x1A4, null), new LogFile(_directory["log"], 0x1A4, null).Open().Int, 0, null, _told.Add).Dispose();

        Mono.Unix.Native.Syscall.stat(_directory["log"], out var status).Should().Be(0);
        ((int)status.st_mode & 0x1FF).Should().Be(0x1A4);
    }

    private FileReceiver Open(string name, long maxSize = 0, string? backupName = null)
    {
        var file = new LogFile(_directory[name], null, null);
        return new FileReceiver(file, (int)file.Open().OrThrow("open"), maxSize, backupName, _told.Add);
    }
}
