using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>
/// Looks at the beginning of every exchange before the protocol sees a byte of it. Called by whoever reads: on the loop nearly always.
/// </summary>
public interface IInputFilter
{
    /// <param name="bytes">What has come since the last exchange was over; never empty.</param>
    /// <param name="seen">So many of them were there at the last call.</param>
    /// <param name="client">Who sends.</param>
    /// <param name="answer">On <see cref="InputVerdict.Refuse"/>: what is sent before the connection ends.</param>
    InputVerdict Examine(ReadOnlySpan<byte> bytes, int seen, in SocketName client, out ReadOnlyMemory<byte> answer);

    /// <summary>The beginning has not become complete within <see cref="EpollTransport.HeadTimeout"/>: what is sent before the connection ends.</summary>
    ReadOnlyMemory<byte> TimedOut(ReadOnlySpan<byte> bytes, in SocketName client);
}
