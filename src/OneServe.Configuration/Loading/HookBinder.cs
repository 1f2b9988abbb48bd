using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Makes <see cref="HookOptions"/> of `exec-*` and `hook-*`.</summary>
internal sealed class HookBinder(DiagnosticList diagnostics)
{
    private const string GracefulStop = "gracefully_kill_them_all";

    private static readonly Dictionary<string, (HookStage Stage, bool IsCommand)> Stages = new(StringComparer.Ordinal)
    {
        ["exec-asap"] = (HookStage.AsSoonAsPossible, true),
        ["hook-asap"] = (HookStage.AsSoonAsPossible, false),
        ["exec-pre-jail"] = (HookStage.PreJail, true),
        ["hook-pre-jail"] = (HookStage.PreJail, false),
        ["exec-in-jail"] = (HookStage.InJail, true),
        ["hook-in-jail"] = (HookStage.InJail, false),
        ["exec-as-root"] = (HookStage.AsRoot, true),
        ["hook-as-root"] = (HookStage.AsRoot, false),
        ["exec-as-user"] = (HookStage.AsUser, true),
        ["hook-as-user"] = (HookStage.AsUser, false),
        ["exec-pre-app"] = (HookStage.PreApplication, true),
        ["hook-pre-app"] = (HookStage.PreApplication, false),
        ["exec-post-app"] = (HookStage.PostApplication, true),
        ["hook-post-app"] = (HookStage.PostApplication, false),
        ["hook-master-start"] = (HookStage.MasterStart, false),
        ["hook-accepting"] = (HookStage.Accepting, false),
        ["hook-accepting1"] = (HookStage.FirstAccepting, false),
        ["exec-as-user-atexit"] = (HookStage.AtExit, true),
        ["hook-as-user-atexit"] = (HookStage.AtExit, false),
    };

    private static readonly Dictionary<string, HookAction> Actions = new(StringComparer.Ordinal)
    {
        ["exec"] = HookAction.Execute,
        ["safeexec"] = HookAction.ExecuteSafely,
        ["cd"] = HookAction.ChangeDirectory,
        ["chdir"] = HookAction.ChangeDirectory,
        ["putenv"] = HookAction.SetVariable,
        ["setenv"] = HookAction.SetVariable,
        ["print"] = HookAction.Print,
        ["log"] = HookAction.Print,
        ["mkdir"] = HookAction.MakeDirectory,
        ["create"] = HookAction.Create,
        ["creat"] = HookAction.Create,
        ["touch"] = HookAction.Touch,
        ["write"] = HookAction.Write,
        ["writen"] = HookAction.WriteLine,
        ["append"] = HookAction.Append,
        ["appendn"] = HookAction.AppendLine,
        ["writefifo"] = HookAction.WritePipe,
        ["unlink"] = HookAction.Unlink,
        ["chmod"] = HookAction.ChangeMode,
        ["chown"] = HookAction.ChangeOwner,
        ["chown2"] = HookAction.ChangeOwner,
        ["sticky"] = HookAction.MakeSticky,
        ["wait_for_fs"] = HookAction.WaitForPath,
        ["wait_for_file"] = HookAction.WaitForFile,
        ["wait_for_dir"] = HookAction.WaitForDirectory,
    };

    /// <summary>Actions of uWSGI that are refused, and what to write instead.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["call"] = CallInstead,
        ["callret"] = CallInstead,
        ["callint"] = CallInstead,
        ["callintret"] = CallInstead,
        ["rpc"] = "run a command: exec:COMMAND",
        ["retryrpc"] = "run a command: exec:COMMAND",
        ["alarm"] = "run a command that alerts: exec:COMMAND",
        ["mount"] = "mount it before the start: a container's volume, or systemd's BindPaths=",
        ["umount"] = "mount it before the start: a container's volume, or systemd's BindPaths=",
        ["hostname"] = "set it where the machine or the container is described",
        ["exit"] = "exec:exit 1, which ends the start",
        ["wait_for_socket"] = "exec:COMMAND that waits for it",
    };

    private const string CallInstead = "it calls a C function of uWSGI itself; run a command: exec:COMMAND";

    /// <summary>All hooks, for each stage `hook-*` before `exec-*`, as uWSGI runs them.</summary>
    public ImmutableArray<HookOptions> Bind(ImmutableArray<Setting> settings)
    {
        var (hooks, commands) = (new List<HookOptions>(), new List<HookOptions>());
        foreach (Setting setting in settings)
        {
            if (!Stages.TryGetValue(setting.Name, out var entry))
            {
                continue;
            }

            if (entry.IsCommand)
            {
                commands.Add(new HookOptions(entry.Stage, HookAction.Execute, setting.Value, setting));
            }
            else if (Read(setting, entry.Stage) is { } hook)
            {
                hooks.Add(hook);
            }
        }

        return [.. hooks, .. commands];
    }

    private HookOptions? Read(Setting setting, HookStage stage)
    {
        int colon = setting.Value.IndexOf(':');
        string name = colon < 0 ? setting.Value : setting.Value[..colon];
        string argument = colon < 0 ? "" : setting.Value[(colon + 1)..];
        if (name == "unix_signal" || name.StartsWith("unix_signal ", StringComparison.Ordinal))
        {
            CheckSignal(setting, argument);
            return null;
        }

        if (Refused.TryGetValue(name, out string? instead))
        {
            diagnostics.Error($"`{setting.Name}`: the action `{name}` is not supported", setting.Source, instead);
            return null;
        }

        if (colon < 0 || !Actions.TryGetValue(name, out HookAction action))
        {
            // People take it for an exec-*: no action is called like a command.
            string actions = string.Join(", ", Actions.Keys.Order(StringComparer.Ordinal));
            string hint = colon < 0 ? $"{setting.Name} = exec:{setting.Value}" : $"the actions are {actions}";
            diagnostics.Error($"`{setting.Name}` needs an action and its argument, and `{name}` is none", setting.Source, hint);
            return null;
        }

        if (Problem(action, argument) is { } form)
        {
            diagnostics.Error($"`{setting.Name}`: `{name}` is not complete", setting.Source, $"{setting.Name} = {name}:{form}");
            return null;
        }

        return new HookOptions(stage, action, argument, setting);
    }

    /// <summary>The recipe for a graceful stop by TERM says what is so here; for other pairs there are other means.</summary>
    private void CheckSignal(Setting setting, string argument)
    {
        string[] words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["2" or "3" or "15", GracefulStop])
        {
            diagnostics.Notice($"`{setting}` is always so: TERM, INT and QUIT stop gracefully", setting.Source);
        }
        else
        {
            diagnostics.Error(
                $"`{setting.Name}`: what a signal does cannot be chosen",
                setting.Source,
                "TERM, INT and QUIT stop gracefully, HUP reloads, USR1 tells figures, TSTP pauses; `master-fifo` takes commands");
        }
    }

    /// <summary>The form that the argument should have; null when it has it.</summary>
    private static string? Problem(HookAction action, string argument)
    {
        string[] words = argument.Split(' ', 3);
        return action switch
        {
            HookAction.Write or HookAction.WriteLine or HookAction.Append or HookAction.WritePipe when words.Length < 2 => "FILE TEXT",
            HookAction.ChangeMode when words.Length != 2 || OptionValue.ParseMode(words[1]) is null => "FILE 640",
            HookAction.ChangeOwner when words.Length != 3 => "FILE USER GROUP",
            HookAction.SetVariable when argument.IndexOf('=') < 1 => "NAME=value",
            _ when argument.Length == 0 => "…",
            _ => null,
        };
    }
}
