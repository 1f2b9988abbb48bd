namespace OneServe.Master;

/// <summary>argv[0] by which the executable selects its role.</summary>
public static class ProcessTitles
{
    public const string Gateway = "oneserve: gateway";

    /// <summary>The master, started over by itself (<see cref="Start.MasterRestart"/>).</summary>
    public const string Master = "oneserve: master";

    /// <summary>An action of a hook.</summary>
    public const string Action = "oneserve: action";

    public const string Shim = "oneserve: exec";

    /// <summary>The running executable: this link survives its replacement on disk.</summary>
    internal const string Executable = "/proc/self/exe";
}
