using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>The listening sockets. A reload opens and closes only those that changed.</summary>
/// <param name="ledger">Takes the files of UNIX sockets that are ours to remove.</param>
/// <param name="identity">Who the gateway runs as.</param>
/// <param name="activated">Sockets that there are already.</param>
internal sealed class ListenerSet(PathLedger ledger, Identity identity, ActivatedSockets activated) : IDisposable
{
    private readonly List<Listener> _open = [];
    private readonly List<Listener> _pending = [];
    private int _lastId;

    /// <summary>Those in use.</summary>
    public IReadOnlyList<Listener> Open => _open;

    /// <summary>Opens what these options ask for and is not open yet; all of it or nothing. In use only after <see cref="Confirm"/>.</summary>
    /// <exception cref="StartException">An address cannot be had; what had been opened is closed again.</exception>
    public void OpenMissing(ServerOptions options)
    {
        var owner = SocketOwner.Resolve(options.SocketOwner, identity);
        var how = new ListenSocketOptions
        {
            Backlog = Backlog.Of(options).Length,
            ReusePort = options.ReusePort,
            Mode = options.SocketMode,
            UserId = owner.UserId,
            GroupId = owner.GroupId,
            IsOwnerRequired = owner.IsRequired,
        };
        try
        {
            foreach (var wanted in options.Listeners)
            {
                if (!_open.Concat(_pending).Any(listener => listener.Serves(wanted)))
                    _pending.Add(OpenOne(wanted, how, options));
            }
        }
        catch
        {
            Discard();
            throw;
        }
    }

    /// <summary>What was opened is taken into use; returns it.</summary>
    public List<Listener> Confirm()
    {
        List<Listener> confirmed = [.. _pending];
        _open.AddRange(confirmed);
        _pending.Clear();
        return confirmed;
    }

    /// <summary>
    /// Brings into force what holds for all that listen, those too that a reload has left alone. Nothing is done to inherited ones that was not asked for:
    /// their maker has chosen.
    /// </summary>
    public void Apply(ServerOptions options)
    {
        foreach (var listener in _open.Where(listener => listener.Socket.Inherited is null || options.KeepAliveProbes))
            SocketOptions.SetKeepAlive(listener.Socket.Descriptor.Number, options.KeepAliveProbes);
        foreach (var listener in _open.Where(static listener => listener.Socket.Inherited is null))
            listener.Socket.SetBacklog(Backlog.Of(options).Length);
    }

    /// <summary>What was opened is not needed after all.</summary>
    public void Discard()
    {
        foreach (var listener in _pending.ToArray())
            Close(listener);
    }

    /// <summary>Those that these options no longer ask for.</summary>
    public List<Listener> Superfluous(ServerOptions options)
        => _open.FindAll(listener => !options.Listeners.Any(listener.Serves));

    public void Close(Listener listener)
    {
        _open.Remove(listener);
        _pending.Remove(listener);
        listener.Socket.Dispose();
        if (listener.Socket is { File: not null, Address.Path: { } path })
            ledger.Remove(path);
    }

    /// <summary>
    /// Nobody listens here any more once the gateway has stopped, too: a client is refused at once, where it would wait for the end of the stop else. The
    /// files of UNIX sockets stay until then.
    /// </summary>
    public void StopListening()
    {
        foreach (var listener in _open)
            listener.Socket.Dispose();
    }

    public void Dispose()
    {
        foreach (var listener in _open.Concat(_pending))
            listener.Socket.Dispose();
    }

    private Listener OpenOne(ListenerOptions wanted, ListenSocketOptions how, ServerOptions options)
    {
        var setting = wanted.Setting;
        var address = ListenAddress.Parse(setting.Value, out string error)
            ?? throw new StartException($"{setting.Source}: {setting}: the address {error}.");
        try
        {
            var socket = activated.Find(address) is { } number ? ListenSocket.Inherit(address, number) : ListenSocket.Open(address, how);
            if (socket is { File: not null, Address.Path: { } path })
                ledger.Add(path, kept: !options.Vacuum);
            return new Listener(++_lastId, wanted, socket);
        }
        catch (ListenException failure)
        {
            var rival = _open.Concat(_pending).FirstOrDefault(listener => listener.Socket.Bound.Overlaps(address) || listener.Socket.Bound.Is(address));
            throw failure.Failure switch
            {
                ListenFailure.OwnerNotPermitted => ListenErrors.Explain(options.SocketOwner!, failure),
                ListenFailure.InUse when rival is not null => ListenErrors.ExplainOverlap(setting, rival.Options.Setting),
                _ => ListenErrors.Explain(setting, failure),
            };
        }
    }
}
