using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>All pidfiles of a master: that of `pidfile` and `pidfile2` at the start, the safe ones when it has succeeded.</summary>
internal sealed class PidFiles(ServerOptions options, Identity identity, PathLedger ledger) : IDisposable
{
    private readonly List<PidFile> _files = [];

    /// <exception cref="StartException">Another master lives, or a file cannot be written.</exception>
    public void Create()
    {
        if (options.PidFile is { } first)
            Add(first, ownedByUser: false);
        foreach (var file in options.MorePidFiles.Where(static file => !file.WhenReady))
            Add(file.Setting, file.OwnedByUser);
    }

    /// <summary>The start has succeeded.</summary>
    /// <exception cref="StartException">As <see cref="Create"/>.</exception>
    public void CreateSafe()
    {
        foreach (var file in options.MorePidFiles.Where(static file => file.WhenReady))
            Add(file.Setting, file.OwnedByUser);
    }

    public void Dispose() => _files.ForEach(static file => file.Dispose());

    private void Add(Setting setting, bool ownedByUser)
    {
        var file = PidFile.Create(setting, ProcessCalls.Id);
        _files.Add(file);
        ledger.Add(file.Path);
        if (ownedByUser && identity.Drop is { } user)
            file.GiveTo(user);
    }
}
