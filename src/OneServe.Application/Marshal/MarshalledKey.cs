using System.Text;

namespace OneServe.Application.Marshal;

/// <summary>Names that are sent with every request, marshalled once.</summary>
public static class MarshalledKey
{
    /// <summary>The marshalled form of a short ASCII name.</summary>
    public static byte[] Of(string name)
    {
        byte[] buffer = new byte[name.Length + 2];
        var writer = new PacketWriter(buffer);
        writer.Text(name);
        return !writer.Overflowed ? buffer : throw new ArgumentException("Not a short ASCII name: " + Encoding.ASCII.GetByteCount(name), nameof(name));
    }
}
