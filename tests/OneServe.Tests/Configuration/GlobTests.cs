using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*.py", "a.py", true)]
    [InlineData("*.py", "a.pyc", false)]
    [InlineData("a*b*c", "axxbyybc", true)]
    [InlineData("a*b*c", "axxbyyb", false)]
    [InlineData("?", "", false)]
    [InlineData("python3.?", "python3.9", true)]
    [InlineData("python3.1[0-3]", "python3.12", true)]
    [InlineData("python3.1[0-3]", "python3.14", false)]
    [InlineData("[!a]b", "cb", true)]
    [InlineData("[^a]b", "ab", false)]
    [InlineData("[]]", "]", true)]
    [InlineData("[a", "[a", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("", "", true)]
    public void Matches_as_glob_7_says(string pattern, string name, bool expected) => Glob.IsMatch(pattern, name).Should().Be(expected);

    [Fact]
    public void Many_stars_take_no_time()
    {
        string pattern = string.Concat(Enumerable.Repeat("*a", 2000));
        Glob.IsMatch(pattern + "b", new string('a', 20_000)).Should().BeFalse();
    }
}
