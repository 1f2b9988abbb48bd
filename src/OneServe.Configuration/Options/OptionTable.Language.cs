using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Language() =>
    [
        new("ini", OptionKind.Language, Works, "Read a configuration file; file.ini:name reads its section [name]")
        {
            Aliases = ["include", "config"], Repeatable = true, Placeholder = "FILE",
        },
        new("inherit", OptionKind.Language, Works, "Read a configuration file after everything else") { Repeatable = true, Placeholder = "FILE" },
        new("set", OptionKind.Language, Works, "Set an option or a placeholder") { Short = 'S', Repeatable = true, Placeholder = "NAME=VALUE" },
        new("set-placeholder", OptionKind.Language, Works, "Set a placeholder, also under strict")
        {
            Aliases = ["set-ph"], Repeatable = true, Placeholder = "NAME=VALUE",
        },
        new("strict", OptionKind.Language, Works, "Unknown options are errors") { ValueOptional = true },
        new("print", OptionKind.Language, Works, "Print a line at start") { Aliases = ["iprint"], Repeatable = true, Placeholder = "TEXT" },
        Opener("if-env", "ifenv"),
        Opener("if-not-env"),
        Opener("if-opt", "ifopt"),
        Opener("if-not-opt"),
        Opener("if-exists", "ifexists"),
        Opener("if-not-exists"),
        Opener("if-file", "iffile"),
        Opener("if-not-file"),
        Opener("if-dir", "ifdir", "if-directory"),
        Opener("if-not-dir"),
        Opener("if-hostname"),
        Opener("if-not-hostname"),
        Opener("if-hostname-match"),
        Opener("if-not-hostname-match"),
        Opener("if-plugin", "ifplugin"),
        Opener("if-not-plugin"),
        Opener("if-reload", "ifreload"),
        Opener("if-not-reload"),
        Opener("for"),
        Opener("for-glob"),
        Opener("for-times"),
        Opener("for-readline"),
        new("end", OptionKind.Language, Works, "Close a condition or a loop")
        {
            Aliases = ["endif", "end-if", "endfor", "end-for"], ValueOptional = true, Repeatable = true,
        },
        new("declare-option", OptionKind.Language, Works, "An option of one's own: its name, and what it stands for; $1 is its first word")
        {
            Aliases = ["declare-option2"], Repeatable = true, Placeholder = "NAME=OPTION=$1;…",
        },
        new("yaml", OptionKind.Language, Refused, "Read a YAML file") { Advice = "write it as an INI file", Aliases = ["yml"], Short = 'y', Repeatable = true },
        new("xml", OptionKind.Language, Refused, "Read an XML file") { Advice = "write it as an INI file", Short = 'x', Repeatable = true },
        new("json", OptionKind.Language, Refused, "Read a JSON file") { Advice = "write it as an INI file", Aliases = ["js"], Short = 'j', Repeatable = true },
        new("fallback-config", OptionKind.FilePath, Works, "The file to start with when the start fails")
        {
            Origin = PathOrigin.StartDirectory, Placeholder = "FILE",
        },
        new("show-config", OptionKind.Flag, Works, "Print what is in force at the start, as `oneserve config` does"),
        new("dump-options", OptionKind.Text, NotYet, "Print the names of all options") { Advice = "oneserve --help lists the options", ValueOptional = true },
    ];

    private static OptionDefinition Opener(string name, params string[] aliases) =>
        new(name, OptionKind.Language, Works, "Open a condition or a loop") { Aliases = [.. aliases], Repeatable = true };
}
