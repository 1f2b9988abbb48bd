using System.Collections.Immutable;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>
/// Configuration files, those of the folder that ONESERVE_INI_FILES names, else the samples: reading never throws, and no line is lost
/// without a trace.
/// </summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        foreach (string path in Corpus())
        {
            files.Add(path);
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_line_is_accounted_for(string path)
    {
        var diagnostics = new DiagnosticList();
        var host = new SystemConfigurationHost();
        var reader = new ConfigurationReader(new Dictionary<string, string>(), host, diagnostics);
        reader.ReadFile(new Statement("ini", path, CommandLine.Source));
        reader.ReadInherited();
        HashSet<int> taken = [.. reader.Statements.Items.Select(statement => statement.Source).Concat(diagnostics.ToImmutable().Select(item => item.Source))
            .Where(source => source.Origin == path).Select(source => source.Line)];

        bool inBlock = false;
        foreach (IniLine line in IniReader.Read(File.ReadAllText(path), text => text))
        {
            if (line.Kind != IniLineKind.Statement || line.Section != "uwsgi")
            {
                continue;
            }

            bool isLanguage = OptionTable.Find(line.Key)?.Kind == OptionKind.Language;
            inBlock = !LogicBlock.IsEnd(line.Key) && (inBlock || OptionTable.IsBlockOpener(line.Key));
            (isLanguage || inBlock || taken.Contains(line.Number)).Should().BeTrue("line {0}, `{1} = {2}`, must not vanish", line.Number, line.Key, line.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Loading_ends_in_options_or_in_errors(string path)
    {
        LoadResult result = ConfigurationLoader.Load([path], new Dictionary<string, string> { ["HOME"] = "/root" });
        bool hasErrors = result.Diagnostics.Any(item => item.Severity == DiagnosticSeverity.Error);
        (result.Options is null).Should().Be(hasErrors, "{0}", string.Join('\n', result.Diagnostics));
        if (result.Options is { } options)
        {
            SettingsCodec.Bind(SettingsCodec.Decode(SettingsCodec.Encode(options.Settings))).Should().BeEquivalentTo(
                options with { Placeholders = [], MagicVariables = ImmutableDictionary<char, string>.Empty });
        }
    }

    private static IEnumerable<string> Corpus()
    {
        string? folder = Environment.GetEnvironmentVariable("ONESERVE_INI_FILES");
        return string.IsNullOrEmpty(folder) ? Samples() : Directory.GetFiles(folder, "*.ini").Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Samples() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "tests", "OneServe.Tests", "Configuration", "samples"), "*.ini").Order(StringComparer.Ordinal);
}
