using OneServe.Posix;

namespace OneServe.Application;

/// <summary>The gateway's mappings of the memory it shares with the workers. Mapped for the life of the process.</summary>
public sealed unsafe class SharedRegions
{
    private readonly byte* _rings;
    private readonly byte* _bodies;

    /// <param name="scoreboard">Descriptor of the scoreboard; closed here.</param>
    /// <param name="rings">Descriptor of the rings; closed here.</param>
    /// <param name="bodies">Descriptor of the body blocks; closed here.</param>
    /// <param name="wake">The eventfd that workers write; kept.</param>
    public SharedRegions(SafeDescriptor scoreboard, SafeDescriptor rings, SafeDescriptor bodies, SafeDescriptor wake)
    {
        using (scoreboard)
            Board = new Scoreboard(SharedMapping.Map(scoreboard.Number, Scoreboard.Size));
        using (rings)
            _rings = SharedMapping.Map(rings.Number, SharedLayout.RingsSize);
        using (bodies)
            _bodies = SharedMapping.Map(bodies.Number, SharedLayout.BodiesSize);
        Wake = wake;
    }

    public Scoreboard Board { get; }

    /// <summary>Readable when a worker has published a reply while the gateway slept.</summary>
    public SafeDescriptor Wake { get; }

    internal byte* Ring(int line) => _rings + ((long)line * SharedLayout.RingSize);

    internal byte* BodyBlock(int index) => _bodies + ((long)index * SharedLayout.BodyBlockSize);
}
