using System.Text;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class PasswordFileTests
{
    // Made by openssl passwd -apr1 and htpasswd -s.
    [Theory]
    [InlineData("u:$apr1$p24QsJ8v$BBdVCbrj7xyGa5bVu/b.71", "secret1")]
    [InlineData("u:{SHA}xjbo4jj9evl+LlAPjG8PTAvtr7A=", "secret2")]
    [InlineData("u:{PLAIN}secret3\r", "secret3")]
    [InlineData("# staff\n\nu:{PLAIN}secret4:the comment", "secret4")]
    public void A_password_fits_as_it_is_kept(string file, string password)
    {
        var entry = Read(file).Should().ContainSingle().Which;

        entry.User.Should().Be("u");
        entry.Fits(password).Should().BeTrue();
        entry.Fits(password + "x").Should().BeFalse();
        entry.Fits("").Should().BeFalse();
        entry.ToString().Should().Be("u");
    }

    [Theory]
    [InlineData("u:$2y$05$abc", "bcrypt")]
    [InlineData("u:$6$salt$x", "SHA-512")]
    [InlineData("u:abJnggxhB/yWI", "DES")]
    [InlineData("u:", "DES")]
    [InlineData("no colon", "user:password")]
    [InlineData(":x", "user:password")]
    public void What_is_not_understood_is_told(string line, string cause)
    {
        List<string> problems = [];
        PasswordFile.Read(Encoding.UTF8.GetBytes("a:{SHA}x\n" + line), (number, problem) => problems.Add($"{number}: {problem}"));

        problems.Should().ContainSingle().Which.Should().StartWith("2: ").And.Contain(cause);
    }

    private static IEnumerable<PasswordEntry> Read(string text)
        => PasswordFile.Read(Encoding.UTF8.GetBytes(text), (number, problem) => throw new InvalidOperationException($"{number}: {problem}"));
}
