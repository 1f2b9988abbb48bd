using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>Whoever watches a descriptor on an <see cref="EventLoop"/>.</summary>
public interface IDescriptorHandler
{
    /// <summary>Called on the loop's thread, from its top frame.</summary>
    void OnEvents(EpollEvents events);
}
