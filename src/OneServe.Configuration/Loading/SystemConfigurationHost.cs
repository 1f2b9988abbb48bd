using System.Globalization;
using System.Runtime.InteropServices;

namespace OneServe.Configuration;

/// <summary>The machine that the process runs on.</summary>
/// <param name="run">Runs the commands in values, as <see cref="IConfigurationHost.Run"/> has it; null: none is run.</param>
public sealed partial class SystemConfigurationHost(Func<string, int, FileContent>? run = null) : IConfigurationHost
{
    private const int AtFdcwd = -100;
    private const uint StatxTypeAndInode = 0x101;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int DirectoryFile = 0x4000;

    public string CurrentDirectory { get; } = Environment.CurrentDirectory;

    public string HostName => Environment.MachineName;

    public int ProcessorCount => Environment.ProcessorCount;

    public int ProcessId => Environment.ProcessId;

    public UserIdentity User
    {
        get
        {
            uint uid = GetEffectiveUid();
            uint gid = GetEffectiveGid();
            return new UserIdentity(uid, NameOf("/etc/passwd", uid), gid, NameOf("/etc/group", gid));
        }
    }

    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    public string ExecutablePath => Environment.ProcessPath ?? "";

    public PathKind GetPathKind(string path)
    {
        return Stat(path) is { } stat
            ? (stat.Mode & TypeMask) switch { RegularFile => PathKind.File, DirectoryFile => PathKind.Directory, _ => PathKind.Other }
            : PathKind.Missing;
    }

    public ulong GetInode(string path) => Stat(path)?.Inode ?? 0;

    public FileContent Read(string path, int limit)
    {
        if (path.Contains('\0'))
        {
            return new FileContent(default, "the name contains a zero byte");
        }

        switch (GetPathKind(path))
        {
            case PathKind.Directory:
                return new FileContent(default, "it is a directory");
            // A named pipe would be waited for without end; the shell's /dev/fd/N comes with its writer.
            case PathKind.Other when !path.StartsWith("/dev/", StringComparison.Ordinal):
                return new FileContent(default, "it is not a regular file");
        }

        try
        {
            // Not File.ReadAllBytes: /proc files have length 0, and a pipe or /dev/zero has no end.
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] buffer = new byte[limit + 1];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > limit
                ? new FileContent(default, $"it is larger than {limit / 1024} KiB")
                : new FileContent(buffer.AsMemory(0, length), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new FileContent(default, exception switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException => "permission denied",
                _ => exception.Message,
            });
        }
    }

    public FileContent? Run(string command, int limit) => run?.Invoke(command, limit);

    public IReadOnlyList<string> List(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The name that belongs to a number in passwd(5) or group(5): both begin with `name:password:number`.</summary>
    private static string NameOf(string database, uint id)
    {
        string number = id.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines(database).Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0] ?? number;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return number;
        }
    }

    private static unsafe Statx? Stat(string path)
    {
        Statx result = default;
        bool found = !path.Contains('\0') && StatxPath(AtFdcwd, path, 0, StatxTypeAndInode, &result) == 0;
        return found ? result : null;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUid();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetEffectiveGid();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatxPath(int directory, string path, int flags, uint mask, Statx* result);

    /// <summary>struct statx of statx(2), which unlike struct stat is laid out alike on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;
    }
}
