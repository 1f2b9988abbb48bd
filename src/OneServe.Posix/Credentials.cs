using System.Globalization;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace OneServe.Posix;

/// <summary>Who a process is: user, group and supplementary groups.</summary>
public sealed unsafe partial record Credentials(uint UserId, uint GroupId, IReadOnlyList<uint> Groups)
{
    private const int MostGroups = 65536; // NGROUPS_MAX

    [LibraryImport("libc")]
    private static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc")]
    private static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc")]
    private static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrouplist(string user, uint group, uint* groups, int* count);

    /// <summary>The effective user of this process.</summary>
    public static uint CurrentUser => Syscall.geteuid();

    /// <summary>The effective group of this process.</summary>
    public static uint CurrentGroup => Syscall.getegid();

    /// <summary>A user by name or number; null when there is none. A number needs no entry in the user database.</summary>
    public static UserEntry? FindUser(string nameOrNumber)
    {
        if (Number(nameOrNumber) is uint id)
            return Syscall.getpwuid(id) is { } byId ? new UserEntry(byId.pw_name, id, byId.pw_gid) : new UserEntry(null, id, null);
        return Syscall.getpwnam(nameOrNumber) is { } entry ? new UserEntry(entry.pw_name, entry.pw_uid, entry.pw_gid) : null;
    }

    /// <summary>A group's number by name or number; null when there is none.</summary>
    public static uint? FindGroup(string nameOrNumber) => Number(nameOrNumber) ?? Syscall.getgrnam(nameOrNumber)?.gr_gid;

    /// <summary>The groups that the group database lists for a user, <paramref name="group"/> included (getgrouplist(3)).</summary>
    public static uint[] GroupsOf(string user, uint group)
    {
        uint[] groups = new uint[64];
        while (true)
        {
            int count = groups.Length;
            fixed (uint* p = groups)
            {
                if (getgrouplist(user, group, p, &count) >= 0)
                    return groups[..count];
            }
            groups = new uint[Math.Min(Math.Max(count, groups.Length * 2), MostGroups)];
        }
    }

    /// <summary>Becomes these, for good: groups first, then the group, the user last, since each step needs the rights that the next gives up.</summary>
    public SysResult Assume()
    {
        uint[] groups = [.. Groups];
        fixed (uint* p = groups)
        {
            var result = SysResult.Of(setgroups((nuint)groups.Length, p));
            if (result.IsError)
                return result;
        }
        var group = SysResult.Of(setresgid(GroupId, GroupId, GroupId));
        return group.IsError ? group : SysResult.Of(setresuid(UserId, UserId, UserId));
    }

    private static uint? Number(string text)
        => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;
}

/// <summary>A user as the user database has it.</summary>
/// <param name="Name">Null when only a number is known.</param>
/// <param name="Id">The user's number.</param>
/// <param name="PrimaryGroup">Null when only a number is known.</param>
public sealed record UserEntry(string? Name, uint Id, uint? PrimaryGroup);
