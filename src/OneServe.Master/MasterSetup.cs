using OneServe.Configuration;
using OneServe.Master.Start;
using Serilog;

namespace OneServe.Master;

/// <summary>What a master is made from.</summary>
public sealed record MasterSetup
{
    /// <summary>The configuration to start with.</summary>
    public required ServerOptions Options { get; init; }

    /// <summary>Reads the configuration anew, for a reload.</summary>
    public required Func<ValueCommands, ConfigurationReading> ReadConfiguration { get; init; }

    /// <summary>The settings in the form that the gateway reads (its `generation` message).</summary>
    public required Func<ServerOptions, byte[]> EncodeSettings { get; init; }

    /// <summary>Events, for people.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Takes the banner when the server is ready.</summary>
    public required Action<string> ShowBanner { get; init; }

    /// <summary>Called before standard output and standard error become the log: whoever has started the server is to be told on.</summary>
    public Action KeepTerminal { get; init; } = static () => { };

    /// <summary>Takes a line on what a slow start is waiting for; null: nobody looks.</summary>
    public Action<string>? ShowProgress { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
