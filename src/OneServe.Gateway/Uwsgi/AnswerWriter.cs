using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OneServe.Gateway.Http;
using OneServe.Transport;

namespace OneServe.Gateway.Uwsgi;

/// <summary>
/// Writes an answer as uWSGI does: the head of an HTTP answer, then the body as it is, whose end is the connection's. Date, Connection and framing are
/// the matter of the server in front.
/// </summary>
internal sealed class AnswerWriter(ConnectionOutput output) : PipeWriter, IClientResponse
{
    private long _left = long.MaxValue;

    public bool HasStarted { get; private set; }

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public FieldList Fields { get; } = new();

    IHeaderDictionary IClientResponse.Headers => Fields;

    PipeWriter IClientResponse.Writer => this;

    /// <summary>Puts the head into the output, once, without flushing it.</summary>
    public void Start()
    {
        if (HasStarted)
            return;
        HasStarted = true;
        _left = Fields.ContentLength ?? long.MaxValue;
        string reason = ReasonPhrase ?? ReasonPhrases.GetReasonPhrase(StatusCode);
        int most = "HTTP/1.1 999 \r\nContent-Length: \r\n\r\n".Length + reason.Length + 20;
        foreach (var (name, value) in Fields.AsSpan())
        {
            for (int i = 0; i < value.Count; i++)
                most += name.Length + 4 + (value[i]?.Length ?? 0);
        }
        var to = output.GetSpan(most);
        int length = Write(to, reason);
        output.Advance(length);
    }

    Task IClientResponse.StartAsync()
    {
        Start();
        return Task.CompletedTask;
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Start();
        return output.GetSpan(sizeHint);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Start();
        return output.GetMemory(sizeHint);
    }

    /// <exception cref="InvalidOperationException">More than the Content-Length.</exception>
    public override void Advance(int bytes)
    {
        if (bytes > _left)
            throw new InvalidOperationException("The body is longer than its Content-Length.");
        _left -= bytes;
        output.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Start();
        return output.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
    }

    private int Write(Span<byte> to, string reason)
    {
        int length = Put("HTTP/1.1 ", to);
        StatusCode.TryFormat(to[length..], out int written, provider: CultureInfo.InvariantCulture);
        length += written;
        to[length++] = (byte)' ';
        length += Put(reason, to[length..]);
        length += Put("\r\n", to[length..]);
        foreach (var (name, value) in Fields.AsSpan())
        {
            // The connection is the server's in front.
            if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
                continue;
            for (int i = 0; i < value.Count; i++)
                length += PutField(name, value[i] ?? "", to[length..]);
        }
        if (Fields.ContentLength is { } bytes)
        {
            length += Put("Content-Length: ", to[length..]);
            bytes.TryFormat(to[length..], out written, provider: CultureInfo.InvariantCulture);
            length += written;
            length += Put("\r\n", to[length..]);
        }
        return length + Put("\r\n", to[length..]);
    }

    private static int PutField(string name, string value, Span<byte> to)
    {
        int length = Put(name, to);
        length += Put(": ", to[length..]);
        length += Put(value, to[length..]);
        return length + Put("\r\n", to[length..]);
    }

    private static int Put(string text, Span<byte> to) => Encoding.Latin1.GetBytes(text, to);
}
