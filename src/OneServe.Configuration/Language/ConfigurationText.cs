using System.Text;

namespace OneServe.Configuration;

/// <summary>Turns a configuration file's bytes into text, or says why that cannot be.</summary>
internal static class ConfigurationText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file without its byte order mark; null after an error was reported.</summary>
    public static string? Read(IConfigurationHost host, ConfigurationFile file, Statement request, DiagnosticList diagnostics)
    {
        if (OtherFormat(file.FullPath) is { } format)
        {
            diagnostics.Error($"{file.GivenName}: {format} files are not supported", request.ValueSource, "write the configuration as an INI file");
            return null;
        }

        FileContent content = host.Read(file.FullPath, ConfigurationReader.MaxFileSize);
        if (content.Failure is not null)
        {
            string? hint = file.GivenName == file.FullPath ? null : $"looked for {file.FullPath}";
            diagnostics.Error($"cannot read {file.GivenName}: {content.Failure}", request.ValueSource, hint);
            return null;
        }

        ReadOnlySpan<byte> bytes = content.Bytes.Span;
        if (bytes.Contains((byte)0))
        {
            bool isUtf16 = bytes.StartsWith<byte>([0xff, 0xfe]) || bytes.StartsWith<byte>([0xfe, 0xff]);
            diagnostics.Error($"{file.GivenName} is not a text file", request.ValueSource, isUtf16 ? "it is UTF-16: save it as UTF-8" : null);
            return null;
        }

        string text = Decode(bytes, file, diagnostics).TrimStart('\uFEFF');
        return HasOverlongLine(text, file, diagnostics) ? null : text;
    }

    private static string Decode(ReadOnlySpan<byte> bytes, ConfigurationFile file, DiagnosticList diagnostics)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            ReadOnlySpan<byte> before = bytes[..Math.Clamp(exception.Index, 0, bytes.Length)];
            int line = before.Count((byte)'\n') + 1;
            int column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
            var source = new SourceLocation(file.GivenName, line, column);
            diagnostics.Warning("the file is not UTF-8 from here on: characters outside of ASCII may be wrong", source, "save it as UTF-8");
            return Encoding.UTF8.GetString(bytes);
        }
    }

    private static bool HasOverlongLine(string text, ConfigurationFile file, DiagnosticList diagnostics)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.Length > IniReader.MaxLineLength)
            {
                diagnostics.Error($"the line is longer than {IniReader.MaxLineLength / 1024} KiB", new SourceLocation(file.GivenName, number, 1));
                return true;
            }
        }

        return false;
    }

    private static string? OtherFormat(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".xml" => "XML",
        ".yml" or ".yaml" => "YAML",
        ".json" or ".js" => "JSON",
        _ => null,
    };
}
