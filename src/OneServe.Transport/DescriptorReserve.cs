using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>One descriptor kept in hand for the moment when there are none: with it a waiting connection can be accepted and closed.</summary>
internal sealed class DescriptorReserve
{
    private SafeDescriptor? _reserve = Take();

    /// <summary>Accepts and closes at most so many waiting connections.</summary>
    public void Shed(int listener, int most)
    {
        _reserve ??= Take();
        if (_reserve == null)
            return;
        _reserve.Dispose();
        for (int i = 0; i < most; i++)
        {
            var accepted = SocketCalls.Accept(listener, out _);
            if (accepted.IsError)
                break;
            Descriptors.Close(accepted.Int);
        }
        _reserve = Take();
    }

    public void Release()
    {
        _reserve?.Dispose();
        _reserve = null;
    }

    private static SafeDescriptor? Take()
    {
        try
        {
            return Descriptors.Event();
        }
        catch (SystemCallException)
        {
            return null; // another thread was faster; the listener rests, and the next time may succeed
        }
    }
}
