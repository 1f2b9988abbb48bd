using OneServe.Gateway.Http;
using OneServe.Gateway.Logging;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway.Uwsgi;

/// <summary>Holds a packet back until it is whole and checked. What is wrong is answered here, with its line in the access log.</summary>
internal sealed class UwsgiPacketFilter(Func<int> limit, RefusalLog log, MisdirectionReport report) : IInputFilter
{
    public InputVerdict Examine(ReadOnlySpan<byte> bytes, int seen, in SocketName client, out ReadOnlyMemory<byte> answer)
    {
        answer = default;
        var fault = UwsgiPacket.Check(bytes, limit(), out bool isComplete);
        if (fault == UwsgiFault.None)
            return isComplete ? InputVerdict.Pass : InputVerdict.Incomplete;
        answer = Refuse(fault, bytes, client);
        return InputVerdict.Refuse;
    }

    public ReadOnlyMemory<byte> TimedOut(ReadOnlySpan<byte> bytes, in SocketName client) => Refuse(UwsgiFault.Slow, bytes, client);

    private byte[] Refuse(UwsgiFault fault, ReadOnlySpan<byte> bytes, in SocketName client)
    {
        if (fault != UwsgiFault.Ping)
        {
            log.Add(client, UwsgiFaults.StatusOf(fault), fault == UwsgiFault.Http ? bytes : default);
            report.Add(client, UwsgiFaults.StatusOf(fault), UwsgiFaults.TextOf(fault));
        }
        return UwsgiFaults.Answer(fault);
    }
}
