using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    /// <summary>What systemd, a container or the shell does beside this server.</summary>
    private static OptionDefinition[] AbsentSupervision() =>
    [
        .. Family(Refused, "The emperor: many servers from one", "use a systemd template unit, one instance a site",
            "call-as-emperor call-as-emperor1 call-as-emperor2 call-as-emperor4 call-as-vassal call-as-vassal1 call-as-vassal3 early-emperor "
            + "emperor-broodlord emperor-cap emperor-curse-tolerance emperor-extra-ext emperor-extra-extension emperor-freq "
            + "emperor-graceful-shutdown emperor-magic-exec emperor-max-throttle emperor-no-blacklist emperor-nofollow emperor-on-demand-dir "
            + "emperor-on-demand-directory emperor-on-demand-exec emperor-on-demand-ext emperor-on-demand-extension emperor-pidfile "
            + "emperor-procname emperor-proxy-socket emperor-required-heartbeat emperor-stats emperor-stats-server emperor-throttle "
            + "emperor-tyrant emperor-tyrant-nofollow emperor-use-clone emperor-wrapper emperor-wrapper-fallback emperor-wrapper-override "
            + "exec-as-emperor exec-as-vassal heartbeat hook-as-emperor hook-as-vassal hook-emperor-lost hook-emperor-reload hook-emperor-start "
            + "hook-emperor-stop imperial-monitor-list imperial-monitors-list vassal-cap vassal-set vassal-sos vassal-sos-backlog vassals-cap "
            + "vassals-include vassals-include-before vassals-inherit vassals-inherit-before vassals-set vassals-start-hook vassals-stop-hook"),
        .. Family(Refused, "Mounting file systems", "let systemd (BindPaths=, TemporaryFileSystem=) or the container mount them",
            "mount-as-emperor mount-as-root mount-as-vassal mount-asap mount-check mount-in-jail mount-post-jail mount-pre-jail "
            + "umount-as-emperor umount-as-root umount-as-vassal umount-asap umount-in-jail umount-post-jail umount-pre-jail"),
        .. Family(Refused, "Confinement of the process", "let systemd (ProtectSystem=, MemoryMax=, CapabilityBoundingSet=) or the container do it",
            "cap cgroup cgroup-dir-mode cgroup-opt jailed namespace namespace-keep-mount namespace-net ns ns-net pivot-root pivot_root re-fork "
            + "re-fork-as-root re-fork-post-jail refork refork-as-root refork-post-jail setns setns-preopen setns-skip setns-socket "
            + "setns-socket-skip unshare unshare2"),
        .. Family(Refused, "A callable of a loaded library as a hook", "run a command: exec-asap, exec-pre-app",
            "binsh call-as-root call-as-user call-as-user-atexit call-asap call-in-jail call-post-app call-post-jail call-pre-app call-pre-jail "
            + "command-mode dlopen privileged-binary-patch privileged-binary-patch-arg symcall symcall-post-fork symcall-register-rpc "
            + "symcall-use-next unprivileged-binary-patch unprivileged-binary-patch-arg worker-exec worker-exec2"),
        .. Family(NotYet, "A legion: servers that choose a lord among them", "use the scheduler of the cluster, or Pacemaker",
            "legion legion-cron legion-death legion-death-on-lord-error legion-freq legion-join legion-lord legion-mcast legion-node "
            + "legion-node-joined legion-node-left legion-quorum legion-scroll legion-scroll-list-max-size legion-scroll-max-size legion-setup "
            + "legion-skew-tolerance legion-smart-attach-daemon legion-smart-attach-daemon2 legion-tolerance legion-unlord"),
        .. Family(NotYet, "Do something around a fork or a connection", "use postfork of uwsgidecorators",
            "exec-in-jail hook-accepting hook-accepting-once hook-accepting1-once hook-as-gateway hook-as-mule hook-in-jail hook-post-fork "
            + "hook-touch"),
        .. Family(NotYet, "Wait for something before the start", "order units by After=, or wait in ExecStartPre=",
            "wait-for-dir wait-for-file wait-for-fs wait-for-fs-timeout wait-for-iface wait-for-iface-timeout wait-for-interface "
            + "wait-for-interface-timeout wait-for-mountpoint wait-for-socket wait-for-socket-timeout wait-iface wait-iface-timeout "
            + "wait-interface wait-interface-timeout"),
        .. Family(NotYet, "A lock on a file", "pidfile is locked as long as the server runs", "flock flock-wait flock-wait2 flock2"),
        .. Family(Refused, "A command to a running server", "oneserve stop|reload|pause|resume PIDFILE", "pause reload resume stop suspend"),
        .. Family(Refused, "A command that prints something and ends", "oneserve --help lists the options, oneserve config FILE what is in force",
            "alarm-list alarms-list build-plugin cflags cheaper-algo-list cheaper-algos-list cheaper-list clock-list clocks-list "
            + "connect-and-read dot-h exit extract get logger-list loggers-list loop-list loops-list ping ping-timeout plugin-list plugins-list "
            + "print-sym print-symbol router-list routers-list"),
        .. Family(Refused, "Directions of the configuration's own loading", "write down the options themselves",
            "binary-append-data blacklist config-py end-blacklist end-whitelist inject-after inject-before whitelist xmlconfig"),
        .. Family(NotNeeded, "Nothing is loaded from libraries", null, "autoload"),
        .. Family(NotYet, "A directory of environment variables", "use env-file", "early-envdir envdir"),
        .. Family(NotYet, "Remove an environment variable", "env = NAME, without =", "unenv"),
        .. Family(NotYet, "The processes' priority", "use systemd's Nice=", "prio"),
        .. Family(NotNeeded, "Threads and children end as they should", null, "backtrace-depth no-threads-wait skip-atexit skip-atexit-teardown use-abort"),
        .. Family(NotYet, "Memory that is the same in several processes", "enable it for the unit, MemoryKSM= of systemd", "ksm"),
        .. Family(NotYet, "Never swapped out", "use systemd's MemorySwapMax=0", "never-swap"),
        .. Family(NotNeeded, "A worker that dies at once is started again after a growing pause", null, "forkbomb-delay"),
        .. Family(NotNeeded, "Children that have ended are reaped", null, "reaper"),
        .. Family(NotNeeded, "Times and locks are the kernel's", null, "auto-weight check-interval clock ftok lock-engine locks persistent-ipcsem weight"),
        .. Family(NotYet, "Change the directory once more", "use chdir", "chdir2 force-cwd"),
        .. Family(NotYet, "End or reload when something happens to a descriptor or a file", "use touch-reload",
            "brutal-reload-on-fd fs-brutal-reload fs-signal propagate-touch reload-on-fd touch-signal touch-spoolers-reload"),
        .. Family(NotYet, "End a worker whose application raised", null,
            "exception-handler reload-on-exception-repr reload-on-exception-type reload-on-exception-value"),
    ];
}
