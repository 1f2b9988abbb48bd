using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>Makes the receivers of a configuration; two loggers that name the same file share one.</summary>
internal sealed class LogReceivers(LogOptions options, Credentials? user, int console, Action<string> tell) : IDisposable
{
    private const int Informational = 6; // RFC 3164, 4.1.1: severities
    private const int Notice = 5;
    private const int DaemonFacility = 3;

    private readonly Dictionary<string, ILogReceiver> _made = new(StringComparer.Ordinal);
    private ILogReceiver? _standard;

    public IEnumerable<ILogReceiver> All => _made.Values;

    /// <summary>`logto`, else standard error.</summary>
    /// <exception cref="StartException">It cannot be written to.</exception>
    public ILogReceiver Standard => _standard ??= options.File is not { } file ? Console(console, "Standard error")
        : LogAddress.Parse(file.Value) is { } address ? Udp(file, address, DatagramHead.Text(""))
        : File(file, file.Value, options.MaxSize, options.BackupName?.Value);

    /// <exception cref="StartException">It cannot be written to.</exception>
    public ILogReceiver Of(LoggerOptions logger) => logger.Engine switch
    {
        LogEngine.File => File(
            logger.Setting, Path.GetFullPath(logger.Argument), logger.MaxSize > 0 ? logger.MaxSize : options.MaxSize, BackupOf(logger)),
        LogEngine.Descriptor => Descriptor(logger),
        LogEngine.Syslog => Syslog(logger.Setting, SyslogTarget.Parse(logger.Argument)!),
        LogEngine.RemoteSyslog => RemoteSyslog(logger.Setting, RemoteSyslogTarget.Parse(logger.Argument)!),
        LogEngine.Socket => Datagrams(logger),
        _ => Standard,
    };

    public void Dispose()
    {
        foreach (var receiver in _made.Values)
            receiver.Dispose();
    }

    private static string? BackupOf(LoggerOptions logger) => logger.BackupName is { } name ? Path.GetFullPath(name) : null;

    private ILogReceiver File(Setting setting, string path, long maxSize, string? backupName)
    {
        // A socket, such as the journal's, cannot be opened by these names.
        if (path is "/dev/stdout" or "/dev/stderr")
            return Console(console, "Standard error");
        return Make(path, () =>
        {
            var file = new LogFile(path, options.Mode, options.BelongsToUser ? user : null);
            var opened = file.Open(options.Truncates);
            if (opened.IsError)
                throw Unusable(setting, path, opened);
            return new FileReceiver(file, opened.Int, maxSize, backupName, tell);
        });
    }

    private ILogReceiver Descriptor(LoggerOptions logger)
    {
        int number = int.Parse(logger.Argument, CultureInfo.InvariantCulture);
        if (number is 1 or 2)
            return Console(console, "Standard error");
        if (!Descriptors.IsInherited(number))
        {
            throw new StartException(
                $"{logger.Setting.Source}: {logger.Setting}: there is no open descriptor {number}. Who starts the server has to pass it on.");
        }
        return Console(number, $"The descriptor {number} of the log");
    }

    private ILogReceiver Console(int descriptor, string name) => Make(name, () => new StreamReceiver(descriptor, new LossReport(name, tell)));

    private ILogReceiver Syslog(Setting setting, SyslogTarget target)
    {
        var head = DatagramHead.Syslog((target.Facility * 8) + Informational, target.Program);
        return Unix(setting, target.Socket, head, $"Is a syslog daemon running? Without one, `{setting.Name} = file:PATH` writes a file.");
    }

    private ILogReceiver RemoteSyslog(Setting setting, RemoteSyslogTarget target)
        => Udp(setting, target.Address, DatagramHead.Syslog((DaemonFacility * 8) + Notice, target.Program ?? $"{Dns.GetHostName()} oneserve"));

    private ILogReceiver Datagrams(LoggerOptions logger)
    {
        string[] parts = logger.Argument.Split(',', 2);
        var head = DatagramHead.Text(parts.Length > 1 ? parts[1] : "");
        return LogAddress.Parse(parts[0]) is { } address
            ? Udp(logger.Setting, address, head)
            : Unix(logger.Setting, parts[0].StartsWith('@') ? parts[0] : Path.GetFullPath(parts[0]), head, "Start what listens there first.");
    }

    private ILogReceiver Udp(Setting setting, LogAddress address, DatagramHead head) => Make(setting.Value, () =>
    {
        try
        {
            var endpoint = new IPEndPoint(Dns.GetHostAddresses(address.Host)[0], address.Port);
            return new DatagramReceiver(DatagramSocket.ToInternet(endpoint), head, new LossReport($"The log's receiver {endpoint}", tell));
        }
        catch (Exception error) when (error is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new StartException($"{setting.Source}: {setting}: the name {address.Host} cannot be resolved. Name an address, or look at /etc/resolv.conf.");
        }
    });

    private ILogReceiver Unix(Setting setting, string name, DatagramHead head, string advice) => Make(setting.Value, () =>
    {
        var socket = DatagramSocket.ToUnix(name);
        if (socket.Probe() is not { IsError: true } failed)
            return new DatagramReceiver(socket, head, new LossReport($"The log's receiver {name}", tell));
        socket.Dispose();
        throw new StartException($"{setting.Source}: {setting}: {name} takes no lines: {failed}. {advice}");
    });

    private ILogReceiver Make(string key, Func<ILogReceiver> make)
    {
        if (!_made.TryGetValue(key, out var receiver))
            _made[key] = receiver = make();
        return receiver;
    }

    private static StartException Unusable(Setting setting, string path, SysResult error) => new(error.Errno switch
    {
        Errno.ENOENT => $"{setting.Source}: {setting}: {path}: {error}: its directory does not exist. Make it (`mkdir -p {Path.GetDirectoryName(path)}`).",
        Errno.EISDIR => $"{setting.Source}: {setting}: {path} is a directory. Name a file in it.",
        Errno.EACCES => $"{setting.Source}: {setting}: {path} may not be written by this user. Give it the right to, or name another file.",
        _ => $"{setting.Source}: {setting}: {path} cannot be opened for writing: {error}.",
    });
}
