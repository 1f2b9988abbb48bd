using OneServe.Application.Marshal;
using OneServe.Posix;

namespace OneServe.Application;

/// <summary>Stands in for a request whose client has left while a worker has it: takes the answer and drops it.</summary>
internal sealed class AbandonedRequest : ApplicationRequest
{
    public override string Method => "";

    public override string Target => "";

    protected internal override bool IsSafeToRepeat => false;

    protected internal override void WriteEnviron(ref PacketWriter packet) => throw new InvalidOperationException("Never sent again.");

    protected internal override bool OnReply(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body) => true;

    protected internal override void OnInterim(ReadOnlySpan<byte> head)
    {
    }

    protected internal override bool OnHead(ReadOnlySpan<byte> head) => true;

    protected internal override bool OnVariables(ReadOnlySpan<byte> variables) => true;

    protected internal override bool OnData(ReadOnlyMemory<byte> data) => true;

    protected internal override bool OnFile(SharedFile file, long offset, long length) => true;

    protected internal override void OnEnd()
    {
    }

    protected internal override void OnFailed(ApplicationFailure failure)
    {
    }
}
