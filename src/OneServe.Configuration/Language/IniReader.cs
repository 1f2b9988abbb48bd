namespace OneServe.Configuration;

/// <summary>
/// The line grammar of uWSGI's INI dialect. One line is one statement: nothing continues on the next line, nothing is quoted, and a comment
/// begins only at the start of a line. Pure: text in, lines out.
/// </summary>
internal static class IniReader
{
    /// <summary>Longest line accepted, in characters.</summary>
    public const int MaxLineLength = 64 * 1024;

    /// <summary>Splits a text into its lines.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="expandMagic">Replaces the `%x` variables of one raw line; applied to keys, section names and comments too, as uWSGI does.</param>
    public static IEnumerable<IniLine> Read(string text, Func<string, string> expandMagic)
    {
        string section = "";
        int number = 0;
        int start = 0;
        while (start < text.Length)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            IniLine line = ReadLine(text[start..end], ++number, section, expandMagic);
            section = line.Section;
            yield return line;
            start = end + 1;
        }
    }

    private static IniLine ReadLine(string raw, int number, string section, Func<string, string> expandMagic)
    {
        ReadOnlySpan<char> line = Strip(raw.Contains('%') ? expandMagic(raw) : raw);
        if (line.IsEmpty)
        {
            return new IniLine(IniLineKind.Blank, number, section);
        }

        int keyColumn = FirstColumn(raw, 0);
        switch (line[0])
        {
            case ';' or '#':
                return new IniLine(IniLineKind.Comment, number, section);
            case '[':
                // uWSGI drops the last character without looking whether it is a bracket: `[uwsgi` is then a section `uwsg`, and nothing is read.
                int close = line.IndexOf(']');
                var kind = close == line.Length - 1 ? IniLineKind.Section : IniLineKind.BrokenSection;
                return new IniLine(kind, number, line[1..(close < 0 ? line.Length : close)].ToString(), KeyColumn: keyColumn, ValueColumn: keyColumn);
        }

        int equals = line.IndexOf('=');
        if (equals < 0)
        {
            return new IniLine(IniLineKind.Statement, number, section, line.ToString(), "", keyColumn, keyColumn);
        }

        string key = Strip(line[..equals]).ToString();
        string value = Strip(line[(equals + 1)..]).ToString();
        return new IniLine(IniLineKind.Statement, number, section, key, value, keyColumn, FirstColumn(raw, raw.IndexOf('=') + 1));
    }

    private static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text) => text.Trim(" \t\r");

    private static int FirstColumn(string raw, int from)
    {
        int offset = raw.AsSpan(from).IndexOfAnyExcept(" \t\r");
        return offset < 0 ? from + 1 : from + offset + 1;
    }
}
