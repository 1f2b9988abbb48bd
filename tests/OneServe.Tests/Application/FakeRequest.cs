using System.Buffers;
using System.Text;
using OneServe.Application;
using OneServe.Application.Marshal;
using OneServe.Posix;

namespace OneServe.Tests.Application;

/// <summary>A request that writes down what becomes of it. Touched by the loop, read by the test after the loop's turn.</summary>
internal sealed class FakeRequest(bool safe = true, int size = 0, byte[]? body = null) : ApplicationRequest
{
    private readonly StringBuilder _log = new();

    /// <summary>Client takes data; false: hold back.</summary>
    public bool Takes { get; set; } = true;

    public Action? Failed { get; set; }

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString().Trim();
        }
    }

    public override string Method => safe ? "GET" : "POST";

    public override string Target => "/";

    protected internal override bool IsSafeToRepeat => safe;

    public FakeRequest WithBody()
    {
        Body = new ReadOnlySequence<byte>(body!);
        BodyLength = body!.Length;
        return this;
    }

    protected internal override void WriteEnviron(ref PacketWriter packet)
    {
        packet.Text("PATH_INFO");
        packet.Text(new string('\u00e9', size));
    }

    protected internal override bool OnReply(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body)
        => Add($"reply({Encoding.ASCII.GetString(body.Span)})", Sane(head));

    protected internal override void OnInterim(ReadOnlySpan<byte> head)
    {
    }

    protected internal override bool OnHead(ReadOnlySpan<byte> head) => Add("head", Sane(head));

    protected internal override bool OnVariables(ReadOnlySpan<byte> variables) => Add("variables", Sane(variables));

    protected internal override bool OnData(ReadOnlyMemory<byte> data) => Add(Encoding.ASCII.GetString(data.Span), Takes);

    protected internal override bool OnFile(SharedFile file, long offset, long length) => Add("file", Takes);

    protected internal override void OnEnd() => Add("end", true);

    protected internal override void OnFailed(ApplicationFailure failure)
    {
        Add(failure.ToString(), true);
        Failed?.Invoke();
    }

    private static bool Sane(ReadOnlySpan<byte> head) => !head.SequenceEqual("bad"u8);

    private bool Add(string what, bool result)
    {
        lock (_log)
            _log.Append(what).Append(' ');
        return result;
    }
}
