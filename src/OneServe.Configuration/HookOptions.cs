namespace OneServe.Configuration;

/// <summary>Something to be done at a stage of the server's life: one `exec-*` or `hook-*`.</summary>
/// <param name="Stage">When.</param>
/// <param name="Action">What.</param>
/// <param name="Argument">Its argument, as written behind the action's name.</param>
/// <param name="Setting">Where it was written.</param>
public sealed record HookOptions(HookStage Stage, HookAction Action, string Argument, Setting Setting);

/// <summary>The stages, in order of time.</summary>
public enum HookStage
{
    /// <summary>Before anything is made.</summary>
    AsSoonAsPossible,

    /// <summary>The first pidfile is there.</summary>
    PreJail,

    /// <summary>As before: there is no jail here.</summary>
    InJail,

    /// <summary>Before privileges are dropped; only where there are some.</summary>
    AsRoot,

    /// <summary>As the user of `uid`.</summary>
    AsUser,

    /// <summary>As the user of `uid`, in `chdir`; the addresses are bound, requests wait. Again at each reload.</summary>
    PreApplication,

    /// <summary>The application has been loaded. Again at each reload.</summary>
    PostApplication,

    /// <summary>The first workers are ready.</summary>
    MasterStart,

    /// <summary>A worker has become ready.</summary>
    Accepting,

    /// <summary>Worker 1 has become ready.</summary>
    FirstAccepting,

    /// <summary>All processes but the master have gone.</summary>
    AtExit,
}

/// <summary>What a hook does.</summary>
public enum HookAction
{
    /// <summary>`exec`: a command for the shell; one that fails ends the start.</summary>
    Execute,

    /// <summary>`safeexec`: a command whose failure is told only.</summary>
    ExecuteSafely,

    /// <summary>`cd`, `chdir`: where the hooks after it run.</summary>
    ChangeDirectory,

    /// <summary>`putenv`, `setenv`: for the hooks after it and the application.</summary>
    SetVariable,

    /// <summary>`print`, `log`.</summary>
    Print,

    /// <summary>`mkdir`.</summary>
    MakeDirectory,

    /// <summary>`create`, `creat`: an empty file.</summary>
    Create,

    /// <summary>`touch`: the file's time is now; it is made if there is none.</summary>
    Touch,

    /// <summary>`write FILE TEXT`.</summary>
    Write,

    /// <summary>`writen FILE TEXT`: and a line feed.</summary>
    WriteLine,

    /// <summary>`append FILE TEXT`.</summary>
    Append,

    /// <summary>`appendn FILE TEXT`: and a line feed.</summary>
    AppendLine,

    /// <summary>`writefifo PIPE TEXT`: nothing happens when nobody reads.</summary>
    WritePipe,

    /// <summary>`unlink`.</summary>
    Unlink,

    /// <summary>`chmod FILE MODE`.</summary>
    ChangeMode,

    /// <summary>`chown FILE USER GROUP`, and `chown2` with numbers.</summary>
    ChangeOwner,

    /// <summary>`sticky`: the sticky bit of a directory.</summary>
    MakeSticky,

    /// <summary>`wait_for_fs`: until something is there.</summary>
    WaitForPath,

    /// <summary>`wait_for_file`: until a regular file is there.</summary>
    WaitForFile,

    /// <summary>`wait_for_dir`: until a directory is there.</summary>
    WaitForDirectory,
}
