using OneServe.Configuration;
using OneServe.Master.Preflight;

namespace OneServe.Tests.Master.Preflight;

public sealed class DjangoFindingsTests
{
    [Fact]
    public void Groups_messages_and_hints_are_read()
    {
        var found = DjangoFindings.Parse("""
            Loading settings
            System check identified some issues:

            ERRORS:
            blog.Post.title: (fields.E120) CharFields must define a 'max_length' attribute.

            WARNINGS:
            ?: (security.W004) You have not set a value.
            	HINT: Set it,
            	then look again.
            ?: (urls.W002) Your URL pattern has a slash too many.

            System check identified 3 issues (0 silenced).
            """);

        found.Should().Equal(
            (DiagnosticSeverity.Error, "blog.Post.title: (fields.E120) CharFields must define a 'max_length' attribute.", (string?)null),
            (DiagnosticSeverity.Warning, "(security.W004) You have not set a value.", "Set it, then look again."),
            (DiagnosticSeverity.Warning, "(urls.W002) Your URL pattern has a slash too many.", null));
    }

    [Fact]
    public void Nothing_to_object_to() => DjangoFindings.Parse("System check identified no issues (0 silenced).\n").Should().BeEmpty();
}
