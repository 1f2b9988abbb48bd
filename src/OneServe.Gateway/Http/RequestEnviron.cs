using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Application.Marshal;

namespace OneServe.Gateway.Http;

/// <summary>The environ's entries of one request, beside those of its connection (<see cref="ClientEnviron"/>).</summary>
internal static class RequestEnviron
{
    private const int Always = 5;

    /// <param name="path">The decoded path.</param>
    /// <param name="bodyLength">Bytes of the body, chunked or not; null: there is none.</param>
    /// <param name="user">Whom a route has let in; empty: nobody.</param>
    /// <returns>The number of entries.</returns>
    public static int Write(ref PacketWriter packet, IHttpRequestFeature request, string path, long? bodyLength, string user)
    {
        int count = Always;
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
        if (bodyLength is { } length)
        {
            packet.Raw(EnvironKeys.ContentLength);
            packet.Text(length.ToString(CultureInfo.InvariantCulture));
            count++;
        }
        if (user.Length > 0)
        {
            packet.Raw(EnvironKeys.RemoteUser);
            packet.Text(user);
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
