using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace OneServe.Configuration;

/// <summary>
/// Carries the settings of a generation from the master to the gateway. Layout, little-endian: u32 count; then for each setting the strings
/// name, value and origin (u32 bytes, UTF-8) and the i32 line and column. Both ends are the same executable, so it has no version.
/// </summary>
public static class SettingsCodec
{
    /// <summary>Most settings accepted.</summary>
    private const int MaxCount = 100_000;

    /// <summary>Longest string accepted, in bytes.</summary>
    private const int MaxString = 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encodes settings.</summary>
    public static byte[] Encode(ImmutableArray<Setting> settings)
    {
        using var stream = new MemoryStream();
        WriteNumber(stream, settings.Length);
        foreach (Setting setting in settings)
        {
            WriteString(stream, setting.Name);
            WriteString(stream, setting.Value);
            WriteString(stream, setting.Source.Origin);
            WriteNumber(stream, setting.Source.Line);
            WriteNumber(stream, setting.Source.Column);
        }

        return stream.ToArray();
    }

    /// <summary>Decodes settings.</summary>
    /// <exception cref="SettingsFormatException">The bytes are not what <see cref="Encode"/> makes.</exception>
    public static ImmutableArray<Setting> Decode(ReadOnlySpan<byte> bytes)
    {
        int count = ReadNumber(ref bytes);
        if (count is < 0 or > MaxCount)
        {
            throw new SettingsFormatException($"{count} settings");
        }

        // The capacity is not taken from the count: it is not to be trusted before so many settings have been seen.
        var settings = ImmutableArray.CreateBuilder<Setting>();
        for (int i = 0; i < count; i++)
        {
            string name = ReadString(ref bytes);
            string value = ReadString(ref bytes);
            string origin = ReadString(ref bytes);
            int line = ReadNumber(ref bytes);
            settings.Add(new Setting(name, value, new SourceLocation(origin, line, ReadNumber(ref bytes))));
        }

        if (!bytes.IsEmpty)
        {
            throw new SettingsFormatException($"{bytes.Length} bytes too many");
        }

        return settings.ToImmutable();
    }

    /// <summary>Makes the same typed options of the settings in force that the loader made.</summary>
    /// <exception cref="SettingsFormatException">The settings are not valid together.</exception>
    public static ServerOptions Bind(ImmutableArray<Setting> settings)
    {
        var diagnostics = new DiagnosticList();
        ServerOptions options = new SettingsBinder(diagnostics).Bind(settings);
        return diagnostics.HasErrors
            ? throw new SettingsFormatException(string.Join('\n', diagnostics.ToImmutable().Where(item => item.Severity == DiagnosticSeverity.Error)))
            : options;
    }

    private static void WriteNumber(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void WriteString(MemoryStream stream, string text)
    {
        // Not the strict encoding: a lone surrogate of a damaged file becomes a replacement character instead of an exception.
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteNumber(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(bytes, out int value))
        {
            throw new SettingsFormatException("cut short");
        }

        bytes = bytes[sizeof(int)..];
        return value;
    }

    private static string ReadString(ref ReadOnlySpan<byte> bytes)
    {
        int length = ReadNumber(ref bytes);
        if (length is < 0 or > MaxString || length > bytes.Length)
        {
            throw new SettingsFormatException($"a string of {length} bytes with {bytes.Length} left");
        }

        try
        {
            string text = Utf8.GetString(bytes[..length]);
            bytes = bytes[length..];
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw new SettingsFormatException("a string is not UTF-8");
        }
    }
}
