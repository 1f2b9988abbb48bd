using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Http;

namespace OneServe.Tests.Gateway;

public sealed class FieldListTests
{
    [Fact]
    public void Fields_are_found_by_name_whatever_its_case_and_keep_their_order()
    {
        var fields = new FieldList { ["B"] = "1", ["a"] = "2" };
        for (int i = 0; i < 20; i++)
            fields[$"X-{i}"] = "x";
        fields["b"] = "3";

        fields["B"].ToString().Should().Be("3");
        fields.Keys.First().Should().BeEquivalentTo("b");
        fields.Count.Should().Be(22);
        fields.Remove("A").Should().BeTrue();
        fields.Remove("A").Should().BeFalse();
        fields.ContainsKey("a").Should().BeFalse();
        fields["A"].Count.Should().Be(0);
        fields.Select(field => field.Key).Should().HaveCount(21);
    }

    [Fact]
    public void Setting_nothing_removes_and_clearing_removes_all()
    {
        var fields = new FieldList { ContentLength = 5 };
        IHeaderDictionary known = fields;
        known.ContentType = "text/plain";
        known.ContentType = default;
        fields.Count.Should().Be(0);
        known.Location = "/";
        fields.Clear();
        (fields.Count, fields.ContentLength).Should().Be((0, null));
    }

    [Theory]
    [InlineData("X", "a\r\nSet-Cookie: b")]
    [InlineData("X", "a\nb")]
    [InlineData("X", "a\0")]
    [InlineData("X: a\r\nY", "b")]
    [InlineData("X Y", "b")]
    [InlineData("", "b")]
    public void What_could_begin_a_further_line_is_not_taken(string name, string value)
    {
        var fields = new FieldList();
        var set = () => fields[name] = value;
        set.Should().Throw<InvalidOperationException>();
        fields.Count.Should().Be(0);
    }
}
