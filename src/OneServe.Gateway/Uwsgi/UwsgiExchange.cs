using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Http;
using OneServe.Transport;

namespace OneServe.Gateway.Uwsgi;

/// <summary>One request and its answer in the uwsgi protocol.</summary>
/// <param name="connection">Its input stands behind the packet.</param>
/// <param name="variables">The packet's.</param>
internal sealed class UwsgiExchange(ClientConnection connection, PacketVariables variables) : IClientExchange, IClientRequest
{
    private readonly AnswerWriter _answer = new(connection.Output);
    private FieldList? _fields;

    public ClientConnection Connection => connection;

    public IMetaVariables Variables => variables;

    public IClientRequest Request => this;

    public IClientResponse Response => _answer;

    public string Method => variables.Method;

    public string RawTarget => variables.Target;

    public string QueryString => variables.QueryString;

    public string Protocol => variables.Protocol;

    /// <summary>Made of the variables when files or routes ask for them.</summary>
    IHeaderDictionary IClientRequest.Headers => _fields ??= RequestFields();

    public bool CanHaveBody => variables.ContentLength > 0;

    public PipeReader Body { get; } = new PacketBody(connection.Transport.Input, variables.ContentLength ?? 0);

    /// <summary>The answer is complete, unless its body is in the worker's debt.</summary>
    public void End() => _answer.Start();

    public void Abort() => connection.Reset();

    /// <summary>The fields of the client's request, as far as the variables show them; of two of a name the last one.</summary>
    private FieldList RequestFields()
    {
        var fields = new FieldList { ContentLength = variables.ContentLength };
        for (var reader = variables.Reader; reader.TryRead(out var name, out var value);)
        {
            if (name.StartsWith("HTTP_"u8) && name.Length > 5)
                fields.Show(Encoding.Latin1.GetString(name[5..]).Replace('_', '-'), Encoding.Latin1.GetString(value));
            else if (name.SequenceEqual("CONTENT_TYPE"u8))
                fields.Show("Content-Type", Encoding.Latin1.GetString(value));
        }
        return fields;
    }
}
