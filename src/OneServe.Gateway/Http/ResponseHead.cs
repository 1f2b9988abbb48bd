using System.Buffers.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using OneServe.Application.Marshal;

namespace OneServe.Gateway.Http;

/// <summary>Puts the head of an application's answer into Kestrel's response.</summary>
internal sealed class ResponseHead
{
    private readonly ByteStringCache _strings = new();

    /// <summary>Sets status, reason and fields. False: the head is garbage, or holds what may not be sent; the response is then half set.</summary>
    /// <param name="head">As the worker has sent it.</param>
    /// <param name="response">Gets what it says.</param>
    /// <param name="variables">Values for the access log; null when there are none.</param>
    public bool TryApply(ReadOnlySpan<byte> head, IClientResponse response, out Dictionary<string, string>? variables)
    {
        variables = null;
        var reader = new ResponseHeadReader(head);
        if (!reader.TryReadStatus(out int code, out var reason) || code < 200)
            return false;
        response.StatusCode = code;
        string phrase = _strings.Get(reason);
        if (phrase != ReasonPhrases.GetReasonPhrase(code))
            response.ReasonPhrase = phrase;
        var fields = response.Headers;
        while (reader.Headers > 0)
        {
            if (!reader.TryReadHeader(out var name, out var value) || !TryAdd(fields, name, value))
                return false;
        }
        return reader.TryReadVariables(out variables) && reader.AtEnd;
    }

    private bool TryAdd(IHeaderDictionary fields, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        string field = _strings.Get(name);
        if (field.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            if (!Utf8Parser.TryParse(value, out long length, out int consumed) || consumed != value.Length || length < 0)
                return false;
            fields.ContentLength = length;
            return true;
        }
        // Framing and persistence are the gateway's: PEP 3333 forbids hop-by-hop fields to applications.
        if (field.Equals("Connection", StringComparison.OrdinalIgnoreCase) || field.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            return true;
        // Django's cookies begin with a space; white space around a value is no part of it (RFC 9110, 5.5).
        string text = _strings.Get(value.Trim(" \t"u8));
        try
        {
            var present = fields[field];
            fields[field] = present.Count == 0 ? text : StringValues.Concat(present, text);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Kestrel's own check of names and values.
            return false;
        }
    }
}
