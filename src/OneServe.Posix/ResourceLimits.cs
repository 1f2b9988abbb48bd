using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Limits of this process and of those that it will start (setrlimit(2)).</summary>
public static unsafe partial class ResourceLimits
{
    private const int OpenFileNumber = 7; // RLIMIT_NOFILE
    private const int AddressSpaceSize = 9; // RLIMIT_AS

    /// <summary>Descriptors that may be open.</summary>
    public static long OpenFiles => Read(OpenFileNumber);

    /// <summary>Bytes of address space; negative: no limit.</summary>
    public static long AddressSpace => Read(AddressSpaceSize);

    /// <summary>
    /// Sets both limits of open files, because a .NET process raises the soft one to the hard one when it starts. Only the privileged may go above the hard
    /// limit: for others it stays where it is.
    /// </summary>
    /// <returns>The limit in force.</returns>
    public static long SetOpenFiles(int files)
    {
        var wanted = new Limit { Soft = (nuint)files, Hard = (nuint)files };
        return prlimit(0, OpenFileNumber, &wanted, null) == 0 ? files : OpenFiles;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit(int pid, int resource, Limit* wanted, Limit* present);

    private static long Read(int resource)
    {
        Limit present;
        return prlimit(0, resource, null, &present) == 0 ? (long)present.Soft : -1;
    }

    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
