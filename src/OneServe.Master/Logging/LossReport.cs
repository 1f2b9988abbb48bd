using System.Globalization;
using System.Text;

namespace OneServe.Master.Logging;

/// <summary>
/// Counts the lines that a receiver does not take: told when it begins, and in the log itself when it is over. Once it has failed it is tried again
/// once a second.
/// </summary>
/// <param name="receiver">What it is called, for people.</param>
/// <param name="tell">Tells somebody else.</param>
internal sealed class LossReport(string receiver, Action<string> tell)
{
    /// <summary>Between two attempts, ms.</summary>
    private const int Pause = 1000;

    /// <summary>A disk that is full, then not quite, then again, is one story: ms until it is told again.</summary>
    private const int Quiet = 60_000;

    private long _lines;
    private long _nextAttempt;
    private long _nextTelling;

    public bool HasLost => _lines > 0;

    /// <summary>True when it is time to try again what has failed.</summary>
    public bool MayTry
    {
        get
        {
            if (Environment.TickCount64 < _nextAttempt)
                return false;
            _nextAttempt = Environment.TickCount64 + Pause;
            return true;
        }
    }

    /// <summary>What the log is told when it works again.</summary>
    public byte[] Note => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"*** {_lines} lines of the log were lost: they could not be written ***\n"));

    /// <summary>Lines have been lost.</summary>
    /// <param name="lines">Those; less than a line counts as one.</param>
    /// <param name="reason">Why, when it is known.</param>
    public void Add(ReadOnlySpan<byte> lines, string reason)
    {
        if (_lines == 0)
        {
            _nextAttempt = Environment.TickCount64 + Pause;
            if (Environment.TickCount64 >= _nextTelling)
            {
                _nextTelling = Environment.TickCount64 + Quiet;
                tell($"{receiver}: {reason}. The server goes on; what cannot be written is lost, and counted.");
            }
        }
        _lines += Math.Max(1, lines.Count((byte)'\n'));
    }

    /// <summary>It works again.</summary>
    public void End() => _lines = 0;
}
