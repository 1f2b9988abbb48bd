using OneServe.Application;
using OneServe.Master.Hooks;
using OneServe.Master.Logging;
using OneServe.Master.Loop;
using OneServe.Master.Processes;
using OneServe.Master.Start;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master;

/// <summary>What all parts of one master share, made in the order in which it is needed and released in the reverse.</summary>
internal sealed class MasterContext : IDisposable
{
    public MasterContext(MasterSetup setup, EventLoop loop, Identity identity)
    {
        Setup = setup;
        Loop = loop;
        Identity = identity;
        Started = setup.Clock.GetUtcNow().ToUnixTimeSeconds();
        Children = new Children(loop, setup.Log);
    }

    public MasterSetup Setup { get; }

    public EventLoop Loop { get; }

    public Identity Identity { get; }

    /// <summary>Null: everything goes to standard error.</summary>
    public LogCollector? Collector { get; set; }

    public Children Children { get; }

    public SharedMemory Memory { get; } = new();

    /// <summary>What applications lock and cache in.</summary>
    public ApplicationMemory ApplicationMemory { get; } = new();

    /// <summary>When the server was started, seconds since 1970.</summary>
    public long Started { get; }

    public Lifeline Lifeline { get; } = new();

    /// <summary>That of hooks, which may run when everything else has been ended.</summary>
    public Lifeline HookLifeline { get; } = new();

    public HookState Hooks { get; } = new();

    public LineAllocator Lines { get; } = new(Scoreboard.Lines);

    /// <summary>`/dev/null`: standard input of every child.</summary>
    public SafeDescriptor Nothing { get; } = Descriptors.OpenNothing();

    public ILogger Log => Setup.Log;

    public TimeProvider Clock => Setup.Clock;

    public void Dispose()
    {
        Lifeline.Dispose();
        HookLifeline.Dispose();
        Memory.Dispose();
        ApplicationMemory.Dispose();
        Nothing.Dispose();
    }
}
