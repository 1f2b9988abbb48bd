using OneServe.Master.Start;
using OneServe.Master.Watching;

namespace OneServe.Master;

/// <summary>Who is told what becomes of a generation.</summary>
internal interface IGenerationOwner
{
    /// <summary>Requests are held back.</summary>
    bool IsPaused { get; }

    /// <summary>All its workers are ready: new requests are to go to it.</summary>
    void GenerationIsReady(Generation generation);

    /// <summary>It did not come up.</summary>
    void GenerationFailed(Generation generation, ApplicationFailure failure);

    /// <summary>One of its processes has loaded modules.</summary>
    void ModulesLoaded(Generation generation, LoadedModules modules);

    /// <summary>A worker that served has died.</summary>
    void WorkerDied(Generation generation);

    /// <summary>Its application asks for a reload or the end of the server, by this worker.</summary>
    void ApplicationAsks(Generation generation, string command, int worker);

    /// <summary>Nothing has been asked for so long, and the server is to end then.</summary>
    void GenerationIsIdle(TimeSpan idle);

    /// <summary>None of its processes is left.</summary>
    void GenerationIsGone(Generation generation);
}
