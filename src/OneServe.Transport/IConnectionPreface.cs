using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>What a proxy says at the very beginning of a connection, before the first exchange.</summary>
public interface IConnectionPreface
{
    /// <summary>Connections of this peer begin with one.</summary>
    bool IsExpectedFrom(in SocketName peer);

    /// <param name="bytes">What has come so far; never empty.</param>
    /// <param name="announced">On <see cref="InputVerdict.Pass"/>: what it says; null: nothing about a client.</param>
    /// <param name="length">On <see cref="InputVerdict.Pass"/>: its bytes, which nobody else sees.</param>
    InputVerdict Examine(ReadOnlySpan<byte> bytes, out AnnouncedClient? announced, out int length);

    /// <summary>What the peer is told in place of an answer when it begins otherwise.</summary>
    ReadOnlyMemory<byte> Refuse(in SocketName peer);
}
