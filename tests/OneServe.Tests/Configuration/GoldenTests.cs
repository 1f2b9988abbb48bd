using System.Text;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>
/// Golden files: the input above the line `----`, below it what must come of it. Before the input there may be lines `> arguments` (default
/// `site.ini`) and `$ NAME=value` (environment); `@@ path` begins another file, `/start/site.ini` being the first, `@@ path/` makes a directory.
/// Below: the settings in force and the diagnostics. All files are read at one machine: see <see cref="FakeHost"/>.
/// With ONESERVE_WRITE_GOLDEN=1 in the environment what came is written into the files, to be read before it is committed.
/// </summary>
public sealed class GoldenTests
{
    private const string Divider = "\n----\n";

    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (string path in Directory.EnumerateFiles(Folder(), "*.txt").Order(StringComparer.Ordinal))
        {
            names.Add(Path.GetFileNameWithoutExtension(path));
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Result_is_as_written(string name)
    {
        string text = File.ReadAllText(Path.Combine(Folder(), $"{name}.txt"));
        int divider = text.IndexOf(Divider, StringComparison.Ordinal);
        divider.Should().BePositive("a golden file has a line ----");
        string actual = Describe(Load(text[..divider]));
        if (Environment.GetEnvironmentVariable("ONESERVE_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Folder(), $"{name}.txt"), text[..divider] + Divider + actual);
        }

        actual.Should().Be(text[(divider + Divider.Length)..]);
    }

    private static LoadResult Load(string input)
    {
        var host = new FakeHost();
        string[] arguments = ["site.ini"];
        Dictionary<string, string> environment = [];
        string path = "/start/site.ini";
        var content = new StringBuilder();
        foreach (string line in input.Split('\n'))
        {
            if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                arguments = line[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }
            else if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                environment[line[2..line.IndexOf('=')]] = line[(line.IndexOf('=') + 1)..];
            }
            else if (line.StartsWith("@@ ", StringComparison.Ordinal))
            {
                AddFile(host, path, content);
                path = line[3..];
            }
            else
            {
                content.Append(line).Append('\n');
            }
        }

        AddFile(host, path, content);
        return ConfigurationLoader.Load(arguments, environment, host);
    }

    private static void AddFile(FakeHost host, string path, StringBuilder content)
    {
        if (path.EndsWith('/'))
        {
            host.AddDirectory(path.TrimEnd('/'));
        }
        else
        {
            host.Add(path, content.ToString());
        }

        content.Clear();
    }

    private static string Describe(LoadResult result)
    {
        var text = new StringBuilder();
        foreach (Setting setting in result.Options?.Settings ?? [])
        {
            text.Append(setting).Append('\n');
        }

        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            text.Append(diagnostic.Severity.ToString().ToLowerInvariant()).Append(' ').Append(diagnostic.Source);
            text.Append(diagnostic.Column > 0 ? $":{diagnostic.Column}" : "").Append(": ").Append(diagnostic.Message).Append('\n');
            text.Append(diagnostic.Hint is null ? "" : $"  -> {diagnostic.Hint}\n");
        }

        return text.ToString();
    }

    private static string Folder() => Path.Combine(Repository.Root, "tests", "OneServe.Tests", "Configuration", "golden");
}
