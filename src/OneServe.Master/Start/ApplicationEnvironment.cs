using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>The environment of the application: the master's, with the `env` settings applied in order.</summary>
internal static class ApplicationEnvironment
{
    /// <summary>The master's, without what was told to it alone.</summary>
    public static List<string> Inherited() => WithoutActivation(ProcessCalls.EnvironmentList());

    internal static List<string> WithoutActivation(List<string> environment)
    {
        environment.RemoveAll(static entry => SocketActivation.Variables.Contains(entry.Split('=', 2)[0]));
        return environment;
    }

    /// <summary>What the application and the hooks get.</summary>
    /// <param name="options">Their `env` settings.</param>
    /// <param name="variables">`KEY=value` of hooks that have run.</param>
    public static List<string> Of(ServerOptions options, IReadOnlyList<Setting> variables)
        => Build(Inherited(), [.. options.Application.Environment, .. variables]);

    /// <param name="inherited">`KEY=value` of the master.</param>
    /// <param name="settings">`KEY=value` sets, `KEY` alone removes.</param>
    public static List<string> Build(IReadOnlyList<string> inherited, IReadOnlyList<Setting> settings)
    {
        var result = new List<string>(inherited);
        foreach (var setting in settings)
        {
            int equals = setting.Value.IndexOf('=');
            string prefix = (equals < 0 ? setting.Value : setting.Value[..equals]) + "=";
            result.RemoveAll(entry => entry.StartsWith(prefix, StringComparison.Ordinal));
            if (equals >= 0)
                result.Add(setting.Value);
        }
        return result;
    }
}
