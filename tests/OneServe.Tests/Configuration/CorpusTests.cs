using System.Collections.Immutable;
using OneServe.Configuration;
using Xunit.Abstractions;

namespace OneServe.Tests.Configuration;

/// <summary>Configuration files of public projects: reading never throws, no line is lost without a trace, and whatever is said is explained.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files() => PublicFiles.Theory();

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_line_is_accounted_for(string path)
    {
        output.WriteLine(PublicFiles.Presence);
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

    /// <summary>What a line does here is the table's matter, or it is a placeholder; and each finding is a sentence at its line.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_message_is_explained(string path)
    {
        LoadResult result = ConfigurationLoader.Load([path], new Dictionary<string, string> { ["HOME"] = "/root" }, isDetailed: true);
        string[] lines = File.ReadAllLines(path);
        foreach (Diagnostic finding in result.Diagnostics)
        {
            finding.Message.Should().MatchRegex("^.{15,}[^.]$");
            bool isOption = finding.Message.Contains("is accepted without effect so far", StringComparison.Ordinal);
            (isOption && finding.Severity == DiagnosticSeverity.Warning && finding.Hint is null).Should().BeFalse("a loss names the other way: {0}", finding);
            bool isMistake = finding.Message.StartsWith("unknown option", StringComparison.Ordinal);
            (isMistake && finding.Hint is null).Should().BeFalse("an unknown option is told because something is near: {0}", finding);
            if (finding.Source.Origin == path && finding.Source.Line > 0)
            {
                finding.Source.Line.Should().BeLessThanOrEqualTo(lines.Length);
                finding.Column.Should().BeInRange(1, lines[finding.Source.Line - 1].Length + 1, "{0}", finding);
            }
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
}
