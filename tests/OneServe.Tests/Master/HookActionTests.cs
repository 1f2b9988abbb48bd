using System.Runtime.Versioning;
using OneServe.Configuration;
using OneServe.Master.Hooks;
using OneServe.Posix;

namespace OneServe.Tests.Master;

/// <summary>Actions of hooks, done in this process: what comes is an errno.</summary>
[SupportedOSPlatform("linux")]
public sealed class HookActionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_is_written_and_written_on()
    {
        string file = _directory["file"];

        Do(HookAction.Write, $"{file} some text").Should().Be(0);
        Do(HookAction.AppendLine, $"{file}  and more").Should().Be(0);
        Do(HookAction.Append, $"{file} end").Should().Be(0);

        File.ReadAllText(file).Should().Be("some text and more\nend");
        Do(HookAction.WriteLine, $"{file} new").Should().Be(0);
        File.ReadAllText(file).Should().Be("new\n");
        Do(HookAction.Create, file).Should().Be(0);
        File.ReadAllText(file).Should().BeEmpty();
    }

    [Fact]
    public void A_directory_may_be_there_already_a_file_in_its_place_not()
    {
        Do(HookAction.MakeDirectory, _directory["made"]).Should().Be(0);
        Do(HookAction.MakeDirectory, _directory["made"]).Should().Be(0);
        File.WriteAllText(_directory["taken"], "");
        Do(HookAction.MakeDirectory, _directory["taken"]).Should().Be(Errno.EEXIST);
    }

    [Fact]
    public void A_touched_file_is_made_and_keeps_what_it_holds()
    {
        string file = _directory["touched"];
        Do(HookAction.Touch, file).Should().Be(0);
        File.WriteAllText(file, "kept");
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Do(HookAction.Touch, file).Should().Be(0);

        File.ReadAllText(file).Should().Be("kept");
        File.GetLastWriteTimeUtc(file).Year.Should().BeGreaterThan(2001);
    }

    [Fact]
    public void Modes_are_changed_and_files_removed()
    {
        string file = _directory["file"];
        File.WriteAllText(file, "");

        Do(HookAction.ChangeMode, $"{file} 600").Should().Be(0);
        File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Do(HookAction.MakeSticky, file).Should().Be(0);
        File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.StickyBit);
        Do(HookAction.Unlink, file).Should().Be(0);
        Do(HookAction.Unlink, file).Should().Be(Errno.ENOENT);
        Do(HookAction.ChangeOwner, $"{file} no-such-user-here 0").Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void What_is_there_is_not_waited_for_and_a_pipe_without_reader_is_no_failure()
    {
        Do(HookAction.WaitForDirectory, Path.GetTempPath()).Should().Be(0);
        Mono.Unix.Native.Syscall.mkfifo(_directory["pipe"], Mono.Unix.Native.FilePermissions.S_IRUSR | Mono.Unix.Native.FilePermissions.S_IWUSR).Should().Be(0);
        Do(HookAction.WritePipe, $"{_directory["pipe"]} r").Should().Be(0);
        Do(HookAction.WritePipe, $"{_directory["none"]} r").Should().Be(Errno.ENOENT);
    }

    private static int Do(HookAction action, string argument)
    {
        var setting = new Setting("hook-asap", "", new SourceLocation("test", 1));
        return HookActions.Run(HookActions.Arguments(new HookOptions(HookStage.AsSoonAsPossible, action, argument, setting))[1..]);
    }
}
