using System.Buffers;
using System.Text;

namespace OneServe.Gateway.Http;

/// <summary>
/// The grammar of a request head, as strict as RFC 9112 and 9110 ask for, on the bytes as they came: what is checked here cannot be seen any more when
/// Kestrel has parsed it (a sign before a length, white space, line ends), or Kestrel does not mind.
/// </summary>
/// <remarks>
/// One vectorised search a line finds its end and every control character in it; one its colon; one the name's bad characters. Left to Kestrel: the
/// syntax of the host, the range of a length, percent-encoded NUL.
/// </remarks>
public static class RequestHead
{
    /// <summary>Fields of one request.</summary>
    public const int MaximumFields = 256;

    /// <summary>RFC 9112, 2.2: a server should skip at least one empty line before a request.</summary>
    private const int MaximumSkipped = 8;

    private const int MaximumLengthDigits = 19;

    /// <summary>RFC 9110, 5.6.2: token.</summary>
    private static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Everything visible but the fragment's sign. RFC 3986 leaves out more, but browsers send <c>|</c>, <c>"</c> and their like as they are.</summary>
    private static readonly SearchValues<byte> Target =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7F - 0x21).Where(c => c != '#').Select(c => (byte)c)]);

    /// <summary>RFC 9110, 5.5: what no field value may contain; a tab may be.</summary>
    private static readonly SearchValues<byte> Control =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(c => c != '\t').Append(0x7F).Select(c => (byte)c)]);

    /// <summary>The index behind the head's empty line; -1 while that has not come.</summary>
    /// <param name="bytes">Begins with a head, or with the empty lines before it.</param>
    /// <param name="seen">So many bytes were searched before.</param>
    public static int FindEnd(ReadOnlySpan<byte> bytes, int seen)
    {
        int from = Math.Max(Skipped(bytes), seen - 3);
        int at = from < bytes.Length ? bytes[from..].IndexOf("\r\n\r\n"u8) : -1;
        return at < 0 ? -1 : from + at + 4;
    }

    /// <summary>What is wrong already with a head that is not complete, so that its client need not wait for a time-out.</summary>
    public static HeadFault CheckPart(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[Skipped(bytes)..];
        if (bytes.IsEmpty || bytes is [(byte)'\r'])
            return HeadFault.None;
        // A first modifier of 0: nginx's `uwsgi_pass` where `proxy_pass` is meant.
        if (!Token.Contains(bytes[0]))
            return bytes[0] == 0 ? HeadFault.UwsgiPacket : HeadFault.NotHttp;
        while (bytes.IndexOfAny((byte)'\r', (byte)'\n') is var at and >= 0)
        {
            if (bytes[at] == '\n' || (at + 1 < bytes.Length && bytes[at + 1] != '\n'))
                return HeadFault.BareLineEnd;
            bytes = bytes[Math.Min(at + 2, bytes.Length)..];
        }
        return HeadFault.None;
    }

    /// <summary>Checks a whole head.</summary>
    /// <param name="head">To its empty line, which <see cref="FindEnd"/> has found.</param>
    public static HeadFault Check(ReadOnlySpan<byte> head)
    {
        head = head[Skipped(head)..];
        int end = head.IndexOfAny(Control);
        if (end == 0 || !IsLineEnd(head, end))
            return FaultAt(head, end, HeadFault.RequestLine);
        var fault = CheckRequestLine(head[..end], out var method, out bool isOld);
        return fault != HeadFault.None ? fault : CheckFields(head[(end + 2)..], method, isOld);
    }

    private static HeadFault CheckRequestLine(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> method, out bool isOld)
    {
        isOld = false;
        int space = line.IndexOf((byte)' ');
        method = space < 0 ? line : line[..space];
        if (space <= 0 || method.ContainsAnyExcept(Token))
            return HeadFault.RequestLine;
        line = line[(space + 1)..];
        space = line.IndexOf((byte)' ');
        if (space <= 0)
            return HeadFault.RequestLine;
        var target = line[..space];
        var version = line[(space + 1)..];
        isOld = version.SequenceEqual("HTTP/1.0"u8);
        if (!isOld && !version.SequenceEqual("HTTP/1.1"u8))
            return IsVersion(version) ? HeadFault.Version : HeadFault.RequestLine;
        if (target.ContainsAnyExcept(Target))
            return HeadFault.RequestLine;
        if (method.SequenceEqual("CONNECT"u8))
            return HeadFault.Connect;
        return target[0] == '/' ? HeadFault.None : CheckOtherForm(target, method);
    }

    /// <summary>RFC 9112, 3.2: absolute-form, and asterisk-form with OPTIONS.</summary>
    private static HeadFault CheckOtherForm(ReadOnlySpan<byte> target, ReadOnlySpan<byte> method)
    {
        if (target is [(byte)'*'])
            return method.SequenceEqual("OPTIONS"u8) ? HeadFault.None : HeadFault.TargetForm;
        int scheme = target.IndexOf("://"u8);
        if (scheme < 0)
            return HeadFault.TargetForm;
        if (Ascii.EqualsIgnoreCase(target[..scheme], "https"u8))
            return HeadFault.ForeignScheme;
        if (!Ascii.EqualsIgnoreCase(target[..scheme], "http"u8))
            return HeadFault.TargetForm;
        var authority = target[(scheme + 3)..];
        int end = authority.IndexOfAny((byte)'/', (byte)'?');
        authority = end < 0 ? authority : authority[..end];
        // RFC 9110, 4.2.1 and 4.2.4: no empty host, no user information.
        return authority.IsEmpty || authority.Contains((byte)'@') ? HeadFault.TargetForm : HeadFault.None;
    }

    private static HeadFault CheckFields(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> method, bool isOld)
    {
        var seen = default(FramingFields);
        for (int count = 0; ; count++)
        {
            int end = fields.IndexOfAny(Control);
            if (!IsLineEnd(fields, end))
                return FaultAt(fields, end, HeadFault.FieldValue);
            if (end == 0)
                break;
            if (count == MaximumFields)
                return HeadFault.HeadTooLarge;
            var line = fields[..end];
            int colon = line.IndexOf((byte)':');
            // White space before the colon, at the beginning of a line (obs-fold) and within the name all end here.
            if (colon <= 0 || line[..colon].ContainsAnyExcept(Token))
                return HeadFault.FieldName;
            var fault = seen.Add(line[..colon], line[(colon + 1)..], isOld);
            if (fault != HeadFault.None)
                return fault;
            fields = fields[(end + 2)..];
        }
        return seen.Check(method, isOld);
    }

    private static bool IsLineEnd(ReadOnlySpan<byte> bytes, int at) => at >= 0 && at + 1 < bytes.Length && bytes[at] == '\r' && bytes[at + 1] == '\n';

    private static HeadFault FaultAt(ReadOnlySpan<byte> bytes, int at, HeadFault otherwise)
        => at >= 0 && bytes[at] is (byte)'\r' or (byte)'\n' ? HeadFault.BareLineEnd : otherwise;

    private static bool IsVersion(ReadOnlySpan<byte> text)
        => text.Length == 8 && text.StartsWith("HTTP/"u8) && char.IsAsciiDigit((char)text[5]) && text[6] == '.' && char.IsAsciiDigit((char)text[7]);

    private static int Skipped(ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        while (length < MaximumSkipped && bytes[length..].StartsWith("\r\n"u8))
            length += 2;
        return length;
    }

    /// <summary>The fields that decide where a request ends and whom it is for.</summary>
    private ref struct FramingFields
    {
        private int _hosts;
        private int _lengths;
        private int _codings;

        public HeadFault Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isOld)
        {
            switch (name.Length)
            {
                case 4 when Ascii.EqualsIgnoreCase(name, "Host"u8):
                    return ++_hosts > 1 ? HeadFault.Host : HeadFault.None;
                case 6 when !isOld && Ascii.EqualsIgnoreCase(name, "Expect"u8):
                    return Ascii.EqualsIgnoreCase(value.Trim(" \t"u8), "100-continue"u8) ? HeadFault.None : HeadFault.Expectation;
                case 14 when Ascii.EqualsIgnoreCase(name, "Content-Length"u8):
                    return ++_lengths > 1 || !IsLength(value.Trim(" \t"u8)) ? HeadFault.ContentLength : HeadFault.None;
                case 17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                    return ++_codings > 1 || isOld ? HeadFault.TransferEncoding : CheckCodings(value.Trim(" \t"u8));
                default:
                    return HeadFault.None;
            }
        }

        public readonly HeadFault Check(ReadOnlySpan<byte> method, bool isOld)
        {
            // RFC 9112, 6.3: this is how requests are smuggled past a proxy that believes the other of the two.
            if (_codings > 0 && _lengths > 0)
                return HeadFault.TransferEncoding;
            if (_hosts == 0 && !isOld)
                return HeadFault.Host;
            return isOld && _lengths == 0 && (method.SequenceEqual("POST"u8) || method.SequenceEqual("PUT"u8)) ? HeadFault.LengthRequired : HeadFault.None;
        }

        private static bool IsLength(ReadOnlySpan<byte> text)
            => text.Length is > 0 and <= MaximumLengthDigits && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

        /// <summary>RFC 9112, 6.1 and 7: `chunked` comes last and once; other codings are possible, and not understood here.</summary>
        private static HeadFault CheckCodings(ReadOnlySpan<byte> list)
        {
            if (Ascii.EqualsIgnoreCase(list, "chunked"u8))
                return HeadFault.None;
            int comma = list.LastIndexOf((byte)',');
            if (comma < 0 || !Ascii.EqualsIgnoreCase(list[(comma + 1)..].Trim(" \t"u8), "chunked"u8))
                return HeadFault.TransferEncoding;
            foreach (var range in list[..comma].Split((byte)','))
            {
                var coding = list[..comma][range].Trim(" \t"u8);
                if (coding.IsEmpty || coding.ContainsAnyExcept(Token) || Ascii.EqualsIgnoreCase(coding, "chunked"u8))
                    return HeadFault.TransferEncoding;
            }
            return HeadFault.UnknownCoding;
        }
    }
}
