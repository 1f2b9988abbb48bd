using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Makes <see cref="ProcessOptions"/>, pidfiles and the background of the settings about processes.</summary>
/// <param name="last">The setting that counts, by name.</param>
/// <param name="number">Reads a number, or says what is wrong.</param>
internal sealed class ProcessBinder(Func<string, Setting?> last, Func<Setting, int> number)
{
    public ProcessOptions Bind(bool titles) => new()
    {
        CreationMask = last("umask") is { } mask ? OptionValue.ParseMask(mask.Value)?.Value : null,
        AddressSpace = Number("limit-as"),
        CpusPerWorker = Number("cpu-affinity"),
        Titles = new TitleOptions
        {
            Prefix = last("procname-prefix-spaced") is { } spaced ? spaced.Value + " " : last("procname-prefix")?.Value ?? "",
            Suffix = last("procname-append")?.Value ?? "",
            Common = last("procname")?.Value,
            Master = last("procname-master")?.Value ?? (titles && last("procname") is null ? TitleOptions.MasterTitle : null),
        },
    };

    /// <summary>Those besides `pidfile`; of several with one path the first counts.</summary>
    public static ImmutableArray<PidFileOptions> PidFiles(Func<string, Setting?> last)
    {
        IEnumerable<PidFileOptions> Named(string name, bool ownedByUser, bool whenReady) =>
            last(name) is { } setting ? [new PidFileOptions(setting, ownedByUser, whenReady)] : [];

        string? first = last("pidfile")?.Value;
        return
        [
            .. Named("pidfile2", ownedByUser: true, whenReady: false)
                .Concat(Named("safe-pidfile", ownedByUser: false, whenReady: true))
                .Concat(Named("safe-pidfile2", ownedByUser: true, whenReady: true))
                .Where(file => file.Setting.Value != first)
                .DistinctBy(file => file.Setting.Value, StringComparer.Ordinal),
        ];
    }

    /// <summary>Of `daemonize` and `daemonize2` the first, where both are given.</summary>
    public static DaemonOptions? Daemon(Func<string, Setting?> last, DiagnosticList diagnostics)
    {
        if ((last("daemonize") ?? last("daemonize2")) is not { } file)
        {
            return null;
        }

        string name = file.Value[(file.Value.LastIndexOf('/') + 1)..];
        int colon = name.LastIndexOf(':');
        if (colon > 0 && colon < name.Length - 1 && name.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9') is false)
        {
            diagnostics.Error($"`{file.Name}` needs a file: logs are not sent to {name} by UDP", file.Source, $"{file.Name} = /var/log/site.log");
        }

        return new DaemonOptions(file, OwnedByUser: file.Name == "daemonize2");
    }

    private int Number(string name) => last(name) is { } setting ? number(setting) : 0;
}
