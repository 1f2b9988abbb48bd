using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>The listening sockets. A reload opens and closes only those that changed.</summary>
internal sealed class ListenerSet(PathLedger ledger, Identity identity) : IDisposable
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
        try
        {
            foreach (var wanted in options.Listeners)
            {
                if (!_open.Concat(_pending).Any(listener => Same(wanted, listener.Options)))
                    _pending.Add(OpenOne(wanted, options));
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

    /// <summary>What was opened is not needed after all.</summary>
    public void Discard()
    {
        foreach (var listener in _pending.ToArray())
            Close(listener);
    }

    /// <summary>Those that these options no longer ask for.</summary>
    public List<Listener> Superfluous(ServerOptions options)
        => _open.FindAll(listener => !options.Listeners.Any(wanted => Same(wanted, listener.Options)));

    public void Close(Listener listener)
    {
        _open.Remove(listener);
        _pending.Remove(listener);
        listener.Socket.Dispose();
        if (listener.Socket.Address.Path is { } path)
            ledger.Remove(path);
    }

    public void Dispose()
    {
        foreach (var listener in _open.Concat(_pending))
            listener.Socket.Dispose();
    }

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
        ledger.Add(path, kept: !options.Vacuum);
    }
}
