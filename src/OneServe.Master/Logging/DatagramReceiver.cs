using System.Net;
using System.Net.Sockets;
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

    /// <summary>How long a receiver may take for a line, ms.</summary>
    private const int Patience = 1000;

    private readonly Socket _socket;
    private readonly EndPoint _address;
    private readonly DatagramHead _head;
    private readonly LossReport _loss;
    private readonly byte[] _datagram;

    /// <param name="address">Where to.</param>
    /// <param name="head">What stands before each line.</param>
    /// <param name="loss">Counts what is lost.</param>
    public DatagramReceiver(EndPoint address, DatagramHead head, LossReport loss)
    {
        (_address, _head, _loss) = (address, head, loss);
        _datagram = new byte[Longest + DatagramHead.Longest];
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = Patience };
    }

    public bool TakesSingleLines => true;

    public void Write(ReadOnlySpan<byte> lines)
    {
        if (_loss.HasLost)
        {
            if (!_loss.MayTry || TrySend(_loss.Note) is not null)
            {
                _loss.Add(lines, "");
                return;
            }
            _loss.End();
        }
        if (TrySend(lines) is { } reason)
            _loss.Add(lines, reason);
    }

    /// <summary>Sends one line; null, or why it could not be sent.</summary>
    public string? TrySend(ReadOnlySpan<byte> line)
    {
        if (_head.IsSyslog)
            line = line.TrimEnd((byte)'\n');
        int length = _head.Write(_datagram);
        line = line[..Math.Min(line.Length, Longest)];
        line.CopyTo(_datagram.AsSpan(length));
        try
        {
            _socket.SendTo(_datagram.AsSpan(0, length + line.Length), SocketFlags.None, _address);
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is SocketError.WouldBlock or SocketError.TimedOut
                ? "it takes no more lines"
                : Errno.Describe(error.NativeErrorCode);
        }
    }

    public void Reopen()
    {
    }

    public void Rotate()
    {
    }

    public void Dispose() => _socket.Dispose();
}
