using System.Diagnostics;
using OneServe.Master.Loop;
using OneServe.Master.Watching;
using Serilog.Core;

namespace OneServe.Tests.Master;

public sealed class FileWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Longer than a change needs to be told, on a loaded machine too.</summary>
    private static readonly TimeSpan Long = FileWatch.Quiet * 5;

    private readonly TemporaryDirectory _directory = new();
    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly List<string[]> _told = [];
    private readonly FileWatch _watch;

    public FileWatchTests()
    {
        foreach (string name in new[] { "app.py", "pack/inner.py", "pages/front.html", "pages/below/a.html" })
            Write(name, "before");
        _watch = NewWatch(TimeSpan.FromHours(1));
    }

    public void Dispose()
    {
        _watch.Dispose();
        _loop.Dispose();
        _directory.Dispose();
    }

    public static TheoryData<string, Action<string>> Habits => new()
    {
        { "written in place", path => File.WriteAllText(path, "after, in place") },
        { "another in its place", path => Exchange(path, path + ".new", "after") },
        {
            "deleted and made anew",
            path =>
            {
                File.Delete(path);
                File.WriteAllText(path, "after");
            }
        },
        {
            "vim, with a backup",
            path =>
            {
                string probe = Path.Join(Path.GetDirectoryName(path), "4913");
                File.WriteAllText(probe, "");
                File.Delete(probe);
                File.Move(path, path + "~");
                File.WriteAllText(path, "after");
                File.Delete(path + "~");
            }
        },
        { "touched", path => File.SetLastWriteTimeUtc(path, DateTime.UtcNow) },
    };

    [Theory]
    [MemberData(nameof(Habits))]
    public void A_saved_file_is_told_once_whatever_the_habits_of_the_editor(string habit, Action<string> save)
    {
        _watch.AddFile(_directory["app.py"]);
        _watch.AddCode(_directory["pack"] + "/");

        save(_directory["app.py"]);
        Next().Should().Equal([_directory["app.py"]], habit);
        save(_directory["pack/inner.py"]);
        Next().Should().Equal([_directory["pack/inner.py"]], habit);

        NothingComes();
    }

    [Fact]
    public void Several_files_are_told_together()
    {
        _watch.AddCode(_directory["pack"]);
        string[] paths = [.. Enumerable.Range(10, 50).Select(number => _directory[$"pack/m{number}.py"])];
        foreach (string path in paths)
            File.WriteAllText(path, "new");

        Next().Should().Equal(paths);
        NothingComes();
    }

    [Fact]
    public void What_is_nobodys_content_is_not_told()
    {
        _watch.AddCode(_directory["pack"]);
        _watch.AddTree(_directory["pages"]);
        foreach (string name in new[] { "4913", ".front.html.swp", "front.html~", "#front.html#", "front.html___jb_tmp___", "__pycache__/x.html", ".git/index" })
            Write("pages/" + name, "");
        foreach (string name in new[] { ".inner.py.swp", ".#inner.py", "inner.py~", "__pycache__/inner.cpython-311.pyc", "notes.txt" })
            Write("pack/" + name, "");
        Mono.Unix.Native.Syscall.chmod(_directory["pack/inner.py"], Mono.Unix.Native.FilePermissions.S_IRUSR | Mono.Unix.Native.FilePermissions.S_IWUSR);

        NothingComes();
        Write("pack/inner.py", "after all");
        Next().Should().Equal(_directory["pack/inner.py"]);
    }

    [Fact]
    public void A_tree_tells_of_what_comes_and_goes_in_directories_below_and_in_new_ones()
    {
        _watch.AddTree(_directory["pages"]);
        Write("pages/below/a.html", "after it");
        Next().Should().Equal(_directory["pages/below/a.html"]);
        Write("pages/new/deep/b.html", "");
        Next().Should().Equal(_directory["pages/new/deep/b.html"]);
        Write("pages/new/deep/b.html", "now with a text");
        Next().Should().Equal(_directory["pages/new/deep/b.html"]);
        File.Delete(_directory["pages/new/deep/b.html"]);
        Next().Should().Equal(_directory["pages/new/deep/b.html"]);
        Directory.Delete(_directory["pages/new"], recursive: true);
        NothingComes();
    }

    [Fact]
    public void A_new_package_is_told_of_and_then_watched()
    {
        _watch.AddCode(_directory["pack"]);
        Directory.CreateDirectory(_directory["pack/sub"]);
        NothingComes();
        Write("pack/sub/__init__.py", "");
        Next().Should().Equal(_directory["pack/sub/__init__.py"]);
        Write("pack/sub/more/models.py", "");
        Next().Should().Equal(_directory["pack/sub/more/models.py"]);
    }

    [Fact]
    public void A_directory_that_goes_and_comes_back_is_watched_again()
    {
        _watch.AddCode(_directory["."][..^2]);
        _watch.AddCode(_directory["pack"]);
        Directory.Move(_directory["pack"], _directory[".aside"]);
        NothingComes();
        Write("pack/inner.py", "of another branch");
        Next().Should().Contain(_directory["pack/inner.py"]);
        Write("pack/inner.py", "once more");
        Next().Should().Equal(_directory["pack/inner.py"]);
    }

    [Fact]
    public void A_link_tells_of_what_it_leads_to()
    {
        Write("shared/settings.py", "before");
        File.CreateSymbolicLink(_directory["pack/settings.py"], _directory["shared/settings.py"]);
        _watch.AddFile(_directory["pack/settings.py"]);

        Write("shared/settings.py", "after it");

        Next().Should().Equal(_directory["shared/settings.py"]);
    }

    [Fact]
    public void What_is_ignored_is_not_told()
    {
        _watch.AddCode(_directory["pack"]);
        _watch.Ignore(_directory["pack/generated.py"]);
        Write("pack/generated.py", "1");
        NothingComes();
        _watch.Ignore(_directory["pack"] + "/");
        Write("pack/inner.py", "after it");
        NothingComes();
    }

    [Fact]
    public void A_file_that_was_written_after_it_may_have_been_read_is_told_once()
    {
        var since = DateTimeOffset.UtcNow - TimeSpan.FromHours(1);
        File.SetLastWriteTimeUtc(_directory["pack/inner.py"], since.UtcDateTime.AddHours(-1));
        _watch.AddFile(_directory["pack/inner.py"], since);
        _watch.AddFile(_directory["app.py"], since);
        Next().Should().Equal(_directory["app.py"]);

        _watch.AddFile(_directory["app.py"], since);
        NothingComes();
    }

    [Fact]
    public void What_the_kernel_does_not_tell_of_is_looked_at_each_period()
    {
        using var watch = NewWatch(TimeSpan.FromMilliseconds(20));
        watch.AddFile(_directory["absent/site.conf"]);

        Write("absent/site.conf", "there now");

        Next().Should().Equal(_directory["absent/site.conf"]);
    }

    private static void Exchange(string path, string other, string text)
    {
        File.WriteAllText(other, text);
        File.Move(other, path, overwrite: true);
    }

    private FileWatch NewWatch(TimeSpan period) => new(_loop, Logger.None, TimeProvider.System, period, paths => _told.Add([.. paths]));

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[name])!);
        File.WriteAllText(_directory[name], text);
    }

    private string[] Next()
    {
        var clock = Stopwatch.StartNew();
        using var end = _loop.Timers.After(Patience, static () => { });
        _loop.Run(() => _told.Count > 0 || clock.Elapsed >= Patience);
        _told.Should().NotBeEmpty("a change is told");
        string[] first = _told[0];
        _told.RemoveAt(0);
        return first;
    }

    private void NothingComes()
    {
        bool isOver = false;
        using var end = _loop.Timers.After(Long, () => isOver = true);
        _loop.Run(() => isOver);
        _told.Should().BeEmpty();
    }
}
