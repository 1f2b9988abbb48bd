using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>RLIMIT_NOFILE of this process and of those that it will start.</summary>
public static unsafe partial class OpenFileLimit
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit(int pid, int resource, Limit* wanted, Limit* present);

    /// <summary>
    /// Sets both limits, because a .NET process raises the soft one to the hard one when it starts. Only the privileged may go above the hard limit: for
    /// others it stays where it is.
    /// </summary>
    /// <returns>The limit in force.</returns>
    public static long Set(int files)
    {
        var wanted = new Limit { Soft = (nuint)files, Hard = (nuint)files };
        if (prlimit(0, OpenFiles, &wanted, null) == 0)
            return files;
        Limit present;
        return prlimit(0, OpenFiles, null, &present) == 0 ? (long)present.Soft : 0;
    }
}
