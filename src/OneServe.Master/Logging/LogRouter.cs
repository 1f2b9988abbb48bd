using System.Text;
using System.Text.RegularExpressions;

namespace OneServe.Master.Logging;

/// <summary>Brings lines to the loggers that are to have them: those of every route that matches, else those without a name.</summary>
internal sealed class LogRouter(IReadOnlyList<LogOutput> outputs, IReadOnlyList<(Regex Pattern, LogOutput Output)> routes)
{
    private readonly bool _isPlain = routes.Count == 0 && outputs.All(static output => output.IsPlain);

    /// <summary>Takes whole lines.</summary>
    public void Write(ReadOnlySpan<byte> lines)
    {
        if (_isPlain)
        {
            foreach (var output in outputs)
                output.Write(lines);
            return;
        }
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf((byte)'\n') + 1;
            var line = end == 0 ? lines : lines[..end];
            lines = lines[line.Length..];
            Route(line);
        }
        foreach (var output in outputs)
            output.Flush();
        foreach (var (_, output) in routes)
            output.Flush();
    }

    private void Route(ReadOnlySpan<byte> line)
    {
        bool isTaken = false;
        if (routes.Count > 0)
        {
            string text = Encoding.UTF8.GetString(line.TrimEnd((byte)'\n'));
            foreach (var (pattern, output) in routes)
            {
                if (!Matches(pattern, text))
                    continue;
                output.Add(line);
                isTaken = true;
            }
        }
        if (isTaken)
            return;
        foreach (var output in outputs)
            output.Add(line);
    }

    /// <summary>A pattern that takes too long on a line does not match it: a line that a client has made must not stop the log.</summary>
    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
