using System.Globalization;
using System.Text;

namespace OneServe.Posix;

/// <summary>
/// What ps and top show in place of the command line. The kernel tells where the argument strings lie (proc(5), stat fields 48 and 49), and a process
/// may write its own memory.
/// </summary>
public static class ProcessTitle
{
    private const int FieldsBeforeState = 3;
    private const int ArgumentStart = 48;
    private const int ArgumentEnd = 49;

    /// <summary>Bytes that a title may have: those of the arguments that the process was started with. 0 where that is not known.</summary>
    public static int Room => Math.Max(0, (int)(Area().End - Area().Start) - 1);

    /// <summary>Shows a title, cut where there is no room. Does nothing where it is forbidden; a title is never worth a failure.</summary>
    /// <param name="title">A null character between two words makes them two arguments.</param>
    public static void Show(string title)
    {
        var (start, end) = Area();
        int room = (int)(end - start);
        if (room < 2)
            return;
        byte[] bytes = new byte[room];
        byte[] text = Encoding.UTF8.GetBytes(title);
        text.AsSpan(0, Math.Min(text.Length, room - 1)).CopyTo(bytes);
        try
        {
            using var memory = new FileStream("/proc/self/mem", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            memory.Seek(start, SeekOrigin.Begin);
            memory.Write(bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static (long Start, long End) Area()
    {
        try
        {
            // The name, field 2, may hold anything, so count from behind it.
            string stat = File.ReadAllText("/proc/self/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[ArgumentStart - FieldsBeforeState]), Number(fields[ArgumentEnd - FieldsBeforeState]));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (0, 0);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
