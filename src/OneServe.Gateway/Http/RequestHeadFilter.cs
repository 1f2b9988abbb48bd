using OneServe.Gateway.Logging;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>
/// Holds a request back from Kestrel until its head is whole and checked. What is wrong is answered here, with its line in the access log; a head that
/// is slow to come costs its bytes and no more.
/// </summary>
internal sealed class RequestHeadFilter(Func<int> headLimit, RefusalLog log, MisdirectionReport report) : IInputFilter
{
    public InputVerdict Examine(ReadOnlySpan<byte> bytes, int seen, in SocketName client, out ReadOnlyMemory<byte> answer)
    {
        answer = default;
        int limit = headLimit();
        int end = RequestHead.FindEnd(bytes, seen);
        HeadFault fault;
        if (end > limit || (end < 0 && bytes.Length > limit))
            fault = bytes[..limit].IndexOf("\r\n"u8) <= 0 ? HeadFault.TargetTooLong : HeadFault.HeadTooLarge;
        else
            fault = end < 0 ? RequestHead.CheckPart(bytes) : RequestHead.Check(bytes[..end]);
        if (fault == HeadFault.None)
            return end < 0 ? InputVerdict.Incomplete : InputVerdict.Pass;
        answer = Refuse(fault, bytes, client);
        return InputVerdict.Refuse;
    }

    public ReadOnlyMemory<byte> TimedOut(ReadOnlySpan<byte> bytes, in SocketName client) => Refuse(HeadFault.Slow, bytes, client);

    private byte[] Refuse(HeadFault fault, ReadOnlySpan<byte> bytes, in SocketName client)
    {
        int status = HeadFaults.StatusOf(fault);
        log.Add(client, status, fault == HeadFault.UwsgiPacket ? default : bytes);
        if (fault != HeadFault.UwsgiPacket)
            return HeadFaults.Answer(status);
        report.Add(client, status, HeadFaults.UwsgiText);
        return HeadFaults.UwsgiAnswer();
    }
}
