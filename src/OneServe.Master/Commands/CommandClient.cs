using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OneServe.Posix;

namespace OneServe.Master.Commands;

/// <summary>`oneserve reload PIDFILE` and its kin: wait until it is done, or tell why it was not.</summary>
public static class CommandClient
{
    private const int LongestPidFile = 64;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>The commands.</summary>
    public static IReadOnlyList<string> Names { get; } = [CommandLink.Reload, CommandLink.Stop, CommandLink.Pause, CommandLink.Resume];

    /// <param name="command">One of <see cref="Names"/>.</param>
    /// <param name="target">A pidfile, or a pid.</param>
    /// <param name="tell">Gets what is to be said to people.</param>
    /// <returns>0: done; 1: not, and the reason has been told.</returns>
    public static int Run(string command, string target, Action<string> tell)
    {
        if (!TryReadPid(target, tell, out int pid))
            return ExitCodes.StartFailed;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint("\0" + CommandLink.NameOf(pid)));
        }
        catch (SocketException)
        {
            tell($"no server with pid {pid} runs ({target})");
            return ExitCodes.StartFailed;
        }
        if (!PeerCredentials.TryGet((int)socket.Handle, out var peer) || peer.Process != pid)
        {
            tell($"what answers for pid {pid} is another process ({peer.Process})");
            return ExitCodes.StartFailed;
        }
        string answer = Ask(socket, command);
        if (command == CommandLink.Stop && answer.Length == 0)
        {
            WaitForEnd(pid);
            return ExitCodes.Success;
        }
        if (answer.StartsWith(CommandLink.Done, StringComparison.Ordinal))
            return ExitCodes.Success;
        tell(answer.StartsWith(CommandLink.Failed, StringComparison.Ordinal) ? answer[CommandLink.Failed.Length..] : $"the server with pid {pid} has ended meanwhile");
        return ExitCodes.StartFailed;
    }

    private static bool TryReadPid(string target, Action<string> tell, out int pid)
    {
        pid = 0;
        string text = target;
        if (!target.All(char.IsAsciiDigit) || File.Exists(target))
        {
            try
            {
                using var file = File.OpenRead(target);
                Span<byte> bytes = stackalloc byte[LongestPidFile];
                text = Encoding.ASCII.GetString(bytes[..file.Read(bytes)]).Trim();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                tell($"the pidfile {target} cannot be read: {(error is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : error.Message)}");
                return false;
            }
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out pid) && pid > 0)
            return true;
        tell($"{target} holds no pid");
        return false;
    }

    /// <summary>Everything up to the end of the connection; empty when the server has gone without a word.</summary>
    private static string Ask(Socket socket, string command)
    {
        var answer = new StringBuilder();
        try
        {
            socket.Send(Encoding.ASCII.GetBytes(command));
            Span<byte> buffer = stackalloc byte[4096];
            while (socket.Receive(buffer) is > 0 and var got)
                answer.Append(Encoding.UTF8.GetString(buffer[..got]));
        }
        catch (SocketException)
        {
            // Reset: it ended in the middle of a word.
        }
        return answer.ToString();
    }

    /// <summary>The socket closes a moment before the process has gone.</summary>
    private static void WaitForEnd(int pid)
    {
        while (!ProcessCalls.Kill(pid, 0).IsError && !IsZombie(pid))
            Thread.Sleep(Poll);
    }

    private static bool IsZombie(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].StartsWith('Z');
        }
        catch (IOException)
        {
            return true;
        }
    }
}
