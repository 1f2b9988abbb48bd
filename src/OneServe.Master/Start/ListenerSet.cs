using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>The listening sockets. A reload opens and closes only those that changed.</summary>
internal sealed class ListenerSet(PathLedger ledger, Identity identity) : IDisposable
{
    private readonly List<Listener> _open = [];
    private int _lastId;

    public IReadOnlyList<Listener> Open => _open;

    /// <summary>Opens what these options ask for and is not open yet; all of it or nothing.</summary>
    /// <returns>The new ones.</returns>
    /// <exception cref="StartException">An address cannot be had; what had been opened is closed again.</exception>
    public List<Listener> OpenMissing(ServerOptions options)
    {
        var opened = new List<Listener>();
        try
        {
            foreach (var wanted in options.Listeners)
            {
                if (Find(wanted) is null)
                {
                    var listener = OpenOne(wanted, options);
                    opened.Add(listener);
                    _open.Add(listener);
                }
            }
            return opened;
        }
        catch
        {
            opened.ForEach(Close);
            throw;
        }
    }

    /// <summary>Those that these options no longer ask for.</summary>
    public List<Listener> Superfluous(ServerOptions options)
        => _open.FindAll(listener => !options.Listeners.Any(wanted => Same(wanted, listener.Options)));

    public void Close(Listener listener)
    {
        _open.Remove(listener);
        listener.Socket.Dispose();
        if (listener.Socket.Address.Path is { } path)
            ledger.Remove(path);
    }

    public void Dispose()
    {
        foreach (var listener in _open)
            listener.Socket.Dispose();
        _open.Clear();
    }

    private Listener? Find(ListenerOptions wanted) => _open.Find(listener => Same(wanted, listener.Options));

    private static bool Same(ListenerOptions one, ListenerOptions other) => one.Protocol == other.Protocol && one.Setting.Value == other.Setting.Value;

    private Listener OpenOne(ListenerOptions wanted, ServerOptions options)
    {
        var setting = wanted.Setting;
        var address = ListenAddress.Parse(setting.Value, out string error)
            ?? throw new StartException($"{setting.Source}: {setting}: the address {error}.");
        try
        {
            var socket = ListenSocket.Open(address, options.Backlog);
            if (address.Path is { } path)
                Prepare(path, options);
            return new Listener(++_lastId, wanted, socket);
        }
        catch (ListenException failure)
        {
            throw ListenErrors.Explain(setting, failure);
        }
    }

    /// <summary>A socket's file: whose it is, who may connect, and whether it goes at the end.</summary>
    private void Prepare(string path, ServerOptions options)
    {
        if (identity.Drop is { } credentials)
            Syscall.lchown(path, credentials.UserId, credentials.GroupId);
        if (options.SocketMode is { } mode)
            Syscall.chmod(path, NativeConvert.ToFilePermissions((uint)mode));
        if (options.Vacuum)
            ledger.Add(path);
    }
}
