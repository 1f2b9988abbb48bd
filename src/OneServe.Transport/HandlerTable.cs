namespace OneServe.Transport;

/// <summary>
/// Descriptor number → handler, growing with the highest number. A token names one registration of a number, so that an event which was already
/// fetched when its descriptor was closed and the number reused does not reach the new handler.
/// </summary>
/// <remarks>
/// Written under a lock (connections are registered from the thread pool), read by the loop without one: a writer stores the generation before the
/// handler and the reader loads them in the opposite order, so a handler is only ever seen with its own generation or a later one.
/// </remarks>
internal sealed class HandlerTable
{
    private struct Entry
    {
        public IDescriptorHandler? Handler;
        public uint Generation;
        public bool IsInKernel;
    }

    private readonly Lock _gate = new();
    private Entry[] _entries = new Entry[64];

    /// <summary>The handler that the token was given for; null when it has been replaced or removed since.</summary>
    public IDescriptorHandler? Find(ulong token)
    {
        var entries = Volatile.Read(ref _entries);
        uint descriptor = (uint)token;
        if (descriptor >= (uint)entries.Length)
            return null;
        ref var entry = ref entries[descriptor];
        var handler = Volatile.Read(ref entry.Handler);
        return Volatile.Read(ref entry.Generation) == (uint)(token >> 32) ? handler : null;
    }

    /// <summary>Sets the handler and returns the token of this registration.</summary>
    /// <param name="wasInKernel">True when the epoll set knows the descriptor already.</param>
    public ulong Set(int descriptor, IDescriptorHandler handler, out bool wasInKernel)
    {
        lock (_gate)
        {
            if (descriptor >= _entries.Length)
                Grow(descriptor);
            ref var entry = ref _entries[descriptor];
            wasInKernel = entry.IsInKernel;
            entry.IsInKernel = true;
            Volatile.Write(ref entry.Generation, entry.Generation + 1);
            Volatile.Write(ref entry.Handler, handler);
            return Token(descriptor, entry.Generation);
        }
    }

    /// <summary>The token of the present registration.</summary>
    public ulong TokenOf(int descriptor)
    {
        lock (_gate)
            return Token(descriptor, _entries[descriptor].Generation);
    }

    /// <summary>Events no longer reach the handler.</summary>
    /// <param name="leavesKernel">True when the epoll set forgets the descriptor too (it is removed, or about to be closed).</param>
    public void Clear(int descriptor, bool leavesKernel)
    {
        lock (_gate)
        {
            if (descriptor >= _entries.Length)
                return;
            ref var entry = ref _entries[descriptor];
            Volatile.Write(ref entry.Handler, null);
            entry.IsInKernel &= !leavesKernel;
        }
    }

    private static ulong Token(int descriptor, uint generation) => (ulong)generation << 32 | (uint)descriptor;

    private void Grow(int descriptor)
    {
        var larger = new Entry[Math.Max(descriptor + 1, _entries.Length * 2)];
        _entries.CopyTo(larger, 0);
        Volatile.Write(ref _entries, larger);
    }
}
