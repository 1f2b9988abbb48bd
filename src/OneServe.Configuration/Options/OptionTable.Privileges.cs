using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Privileges() =>
    [
        new("uid", Name, Works, "User of all processes but the master; listeners are bound before") { Placeholder = "USER" },
        new("gid", Name, Works, "Group of all processes but the master") { Placeholder = "GROUP" },
        new("umask", Mask, Works, "Bits of the mode that new files do not get, octal") { Placeholder = "MASK" },
        new("add-gid", Name, NotYet, "A supplementary group") { Repeatable = true },
        new("immediate-uid", Name, NotYet, "Drop privileges before anything else") { Advice = "uid = USER" },
        new("immediate-gid", Name, NotYet, "Drop privileges before anything else") { Advice = "gid = GROUP" },
        new("master-as-root", Flag, AlwaysSo, "The master keeps its privileges"),
        new("drop-after-init", Flag, AlwaysSo, "Listeners are bound before privileges are dropped"),
        new("drop-after-apps", Flag, NotYet, "Drop privileges after the application was loaded"),
        new("chroot", FilePath, Refused, "Change the root directory; use a container or systemd's RootDirectory"),
        new("limit-as", Integer, Works, "Address space of each Python process, in MiB") { Aliases = ["rlimit-as"], Placeholder = "MIB" },
        new("limit-nproc", Integer, NotYet, "Processes of the user"),
        new("max-fd", Integer, Works, "Descriptors of each process (default: what the environment gives)") { Placeholder = "N" },
    ];
}
