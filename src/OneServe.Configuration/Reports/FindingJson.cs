using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OneServe.Configuration;

/// <summary>
/// Findings for editors and build servers: `{"ok": …, "findings": [{"severity": "error"|"warning"|"note", "file", "line", "column", "message",
/// "hint"}]}`. Line and column count from 1; 0 where there is none. The hint may be null.
/// </summary>
public static class FindingJson
{
    public static string Write(IReadOnlyCollection<Diagnostic> findings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteBoolean("ok", findings.All(item => item.Severity != DiagnosticSeverity.Error));
        json.WriteStartArray("findings");
        foreach (Diagnostic finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", finding.Severity switch
            {
                DiagnosticSeverity.Error => "error",
                DiagnosticSeverity.Warning => "warning",
                _ => "note",
            });
            json.WriteString("file", finding.Source.Origin);
            json.WriteNumber("line", finding.Source.Line);
            json.WriteNumber("column", finding.Column);
            json.WriteString("message", finding.Message);
            json.WriteString("hint", finding.Hint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
