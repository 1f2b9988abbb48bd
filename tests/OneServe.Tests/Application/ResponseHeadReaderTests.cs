using System.Text;
using OneServe.Application.Marshal;

namespace OneServe.Tests.Application;

public sealed class ResponseHeadReaderTests
{
    /// <summary>marshal.dumps(("200 OK", [("A", "b"), ("C", "é")]), 2)</summary>
    private const string Good = "2802000000" + "7506000000323030204F4B" + "5B02000000"
        + "2802000000" + "750100000041" + "750100000062"
        + "2802000000" + "750100000043" + "7502000000C3A9";

    [Fact]
    public void Reads_status_and_fields()
    {
        var reader = new ResponseHeadReader(Convert.FromHexString(Good));
        reader.TryReadStatus(out int code, out var reason).Should().BeTrue();
        code.Should().Be(200);
        Encoding.UTF8.GetString(reason).Should().Be("OK");
        var fields = new List<string>();
        while (reader.Headers > 0)
        {
            reader.TryReadHeader(out var name, out var value).Should().BeTrue();
            fields.Add(Encoding.UTF8.GetString(name) + ": " + Encoding.UTF8.GetString(value));
        }
        fields.Should().Equal("A: b", "C: \u00e9");
        reader.AtEnd.Should().BeTrue();
    }

    [Fact]
    public void Values_for_the_log_follow_the_fields()
    {
        // marshal.dumps([("user", "\u00e9")], 2)
        const string list = "5B01000000" + "2802000000" + "750400000075736572" + "7502000000C3A9";
        var reader = new ResponseHeadReader(Convert.FromHexString("2803000000" + "7503000000" + "323030" + "5B00000000" + list));
        reader.TryReadStatus(out _, out _).Should().BeTrue();
        reader.TryReadVariables(out var variables).Should().BeTrue();
        reader.AtEnd.Should().BeTrue();
        string.Join(' ', variables!).Should().Be("[user, \u00e9]");

        byte[] alone = Convert.FromHexString(list);
        ResponseHeadReader.TryReadVariables(alone, out variables).Should().BeTrue();
        variables.Should().HaveCount(1);
        for (int length = 0; length < alone.Length; length++)
            ResponseHeadReader.TryReadVariables(alone.AsSpan(0, length), out _).Should().BeFalse();
        ResponseHeadReader.TryReadVariables(Convert.FromHexString("5BFFFFFF0F"), out _).Should().BeFalse("that is a great many");
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] whole = Convert.FromHexString(Good);
        for (int length = 0; length < whole.Length; length++)
            Accepts(whole.AsSpan(0, length)).Should().BeFalse("only {0} bytes of {1} are there", length, whole.Length);
        Accepts(whole).Should().BeTrue();
        Accepts([.. whole, 0]).Should().BeFalse("a byte is left over");
    }

    [Theory]
    [InlineData("5B02000000")] // a list where a tuple is due
    [InlineData("28FFFFFFFF")] // a negative count
    [InlineData("2804000000")] // four parts
    [InlineData("2803000000" + "7503000000" + "323030" + "5B00000000")] // three parts announced, two there
    [InlineData("2802000000" + "75FFFFFF7F")] // a length beyond the end
    [InlineData("2802000000" + "7502000000" + "3230" + "5B00000000")] // status "20"
    [InlineData("2802000000" + "7503000000" + "323058" + "5B00000000")] // status "20X"
    [InlineData("2802000000" + "7504000000" + "32303078" + "5B00000000")] // status "200x"
    [InlineData("2802000000" + "7503000000" + "303939" + "5B00000000")] // status 099
    [InlineData("2802000000" + "7503000000" + "323030" + "5BFFFFFF7F")] // two thousand million fields
    public void Garbage_is_refused(string hex) => Accepts(Convert.FromHexString(hex)).Should().BeFalse();

    [Fact]
    public void Any_flipped_byte_ends_in_an_answer()
    {
        byte[] whole = Convert.FromHexString(Good);
        for (int i = 0; i < whole.Length; i++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. whole];
                changed[i] = (byte)value;
                Accepts(changed);
            }
        }
    }

    private static bool Accepts(ReadOnlySpan<byte> head)
    {
        var reader = new ResponseHeadReader(head);
        if (!reader.TryReadStatus(out _, out _))
            return false;
        while (reader.Headers > 0)
        {
            if (!reader.TryReadHeader(out _, out _))
                return false;
        }
        return reader.TryReadVariables(out _) && reader.AtEnd;
    }
}
