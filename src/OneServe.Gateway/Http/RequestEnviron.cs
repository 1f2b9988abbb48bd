using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Application.Marshal;

namespace OneServe.Gateway.Http;

/// <summary>The environ's entries that are a request's own.</summary>
internal static class RequestEnviron
{
    private const int Fixed = 5;

    /// <summary>Writes them; returns how many they are.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">Its decoded path.</param>
    /// <param name="bodyLength">Bytes of its body, however they were framed.</param>
    /// <param name="packet">Where they go.</param>
    public static int Write(IHttpRequestFeature request, string path, long bodyLength, ref PacketWriter packet)
    {
        int count = Fixed;
        packet.Raw(EnvironKeys.Method);
        packet.Text(request.Method);
        packet.Raw(EnvironKeys.Uri);
        packet.Text(request.RawTarget);
        packet.Raw(EnvironKeys.PathInfo);
        packet.Text(path);
        packet.Raw(EnvironKeys.Query);
        packet.Text(request.QueryString.AsSpan(request.QueryString.Length > 0 ? 1 : 0));
        packet.Raw(EnvironKeys.Protocol);
        packet.Text(request.Protocol);
        if (bodyLength > 0 || request.Headers.ContentLength is not null)
        {
            packet.Raw(EnvironKeys.ContentLength);
            packet.Text(bodyLength.ToString(CultureInfo.InvariantCulture));
            count++;
        }
        foreach (var (name, value) in request.Headers)
        {
            byte[] key = EnvironKeys.OfHeader(name);
            if (key.Length == 0)
                continue;
            packet.Raw(key);
            packet.Text(value.Count == 1 ? value[0] : string.Join(name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ", ", value.ToArray()));
            count++;
        }
        return count;
    }
}
