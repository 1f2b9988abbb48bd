using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class PathLedgerTests
{
    [Fact]
    public void Only_the_files_that_were_noted_are_removed()
    {
        using var directory = new TemporaryDirectory();
        var ledger = new PathLedger();
        foreach (string name in (string[])["ours", "replaced", "removed", "kept"])
        {
            File.WriteAllText(directory[name], "");
            if (name != "kept")
                ledger.Add(directory[name]);
        }
        // Another file under the same name: written beside it first, so that it cannot get the same inode.
        File.WriteAllText(directory["other"], "theirs");
        File.Move(directory["other"], directory["replaced"], overwrite: true);
        File.Delete(directory["removed"]);
        ledger.Add(directory["never there"]);

        ledger.RemoveAll(startFailed: false);

        File.Exists(directory["ours"]).Should().BeFalse();
        File.ReadAllText(directory["replaced"]).Should().Be("theirs");
        File.Exists(directory["kept"]).Should().BeTrue();
        ledger.Paths.Should().BeEmpty();
    }

    [Fact]
    public void Without_vacuum_a_socket_stays_unless_the_start_failed()
    {
        using var directory = new TemporaryDirectory();
        var ledger = new PathLedger();
        File.WriteAllText(directory["socket"], "");
        ledger.Add(directory["socket"], kept: true);
        ledger.RemoveAll(startFailed: false);
        File.Exists(directory["socket"]).Should().BeTrue();
        ledger.RemoveAll(startFailed: true);
        File.Exists(directory["socket"]).Should().BeFalse();
    }
}
