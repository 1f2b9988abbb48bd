using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Application;

/// <summary>Empties the eventfd by which workers wake the gateway: the replies themselves are found at the end of each turn of the loop.</summary>
internal sealed class WakeReader(SafeDescriptor wake) : IDescriptorHandler
{
    public void OnEvents(EpollEvents events)
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        Descriptors.Read(wake.Number, counter);
    }
}
