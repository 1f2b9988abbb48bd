using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>A receiver of datagrams, one for each line: the machine's syslog, another machine's, anything else.</summary>
/// <remarks>
/// Every datagram is sent to the address anew: a daemon that was started again is found without further ado. One that is too slow gets a second, then
/// lines are lost until it takes some again.
/// </remarks>
internal sealed class DatagramReceiver : ILogReceiver
{
    /// <summary>Bytes of a line that are sent: what syslog daemons take.</summary>
    private const int Longest = 8 * 1024;

    /// <summary>How long a receiver may take for a line.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly DatagramSocket _socket;
    private readonly DatagramHead _head;
    private readonly LossReport _loss;
    private readonly byte[] _datagram = new byte[Longest + DatagramHead.Longest];

    /// <param name="socket">Where to; closed here.</param>
    /// <param name="head">What stands before each line.</param>
    /// <param name="loss">Counts what is lost.</param>
    public DatagramReceiver(DatagramSocket socket, DatagramHead head, LossReport loss)
    {
        (_socket, _head, _loss) = (socket, head, loss);
        socket.SetPatience(Patience);
    }

    public bool TakesSingleLines => true;

    public void Write(ReadOnlySpan<byte> lines)
    {
        if (_loss.HasLost)
        {
            if (!_loss.MayTry || Send(_loss.Note).IsError)
            {
                _loss.Add(lines, "");
                return;
            }
            _loss.End();
        }
        var sent = Send(lines);
        if (sent.IsError)
            _loss.Add(lines, sent.Errno == Errno.EAGAIN ? "it takes no more lines" : sent.ToString());
    }

    public void Reopen()
    {
    }

    public void Rotate()
    {
    }

    public void Dispose() => _socket.Dispose();

    private SysResult Send(ReadOnlySpan<byte> line)
    {
        if (_head.IsSyslog)
            line = line.TrimEnd((byte)'\n');
        line = line[..Math.Min(line.Length, Longest)];
        int length = _head.Write(_datagram);
        line.CopyTo(_datagram.AsSpan(length));
        return _socket.Send(_datagram.AsSpan(0, length + line.Length));
    }
}
