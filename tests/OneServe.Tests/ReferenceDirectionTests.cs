using System.Xml.Linq;

namespace OneServe.Tests;

/// <summary>The project references are the dependency rule; this is the rule in words.</summary>
public sealed class ReferenceDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Configuration"] = [],
        ["Posix"] = [],
        ["Transport"] = ["Posix"],
        ["StaticFiles"] = ["Posix", "Transport"],
        ["Application"] = ["Posix", "Transport"],
        ["Gateway"] = ["Application", "Configuration", "Posix", "StaticFiles", "Transport"],
        ["Master"] = ["Application", "Configuration", "Posix"],
        [""] = ["Gateway", "Master"],
    };

    [Fact]
    public void Each_project_refers_only_to_those_below_it()
    {
        string source = Path.Combine(Repository.Root, "src");
        var found = Directory.GetFiles(source, "*.csproj", SearchOption.AllDirectories).ToDictionary(
            path => Short(Path.GetFileNameWithoutExtension(path)),
            path => XDocument.Load(path).Descendants("ProjectReference").Select(r => Short(Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!))).ToArray());

        found.Keys.Should().BeEquivalentTo(Allowed.Keys);
        foreach (var (project, references) in found)
            references.Should().BeSubsetOf(Allowed[project], "OneServe.{0} stands where it stands", project);
    }

    private static string Short(string project) => project == "OneServe" ? "" : project["OneServe.".Length..];
}
