using OneServe.Configuration;

namespace OneServe.Master.Hooks;

/// <summary>What hooks leave behind for those after them, and for the application.</summary>
internal sealed class HookState
{
    /// <summary>Where hooks run before `chdir` counts: where the server was started, unless one of them has gone elsewhere.</summary>
    public string? Directory { get; set; }

    /// <summary>What `putenv` has set, in order.</summary>
    public List<Setting> Variables { get; } = [];
}
