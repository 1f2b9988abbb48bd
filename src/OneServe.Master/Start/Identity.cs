using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>Who the gateway and the application run as. The master stays who it is: it has to bind and remove what is root's.</summary>
/// <param name="Drop">Null: the same as the master.</param>
/// <param name="Note">Something to warn of; null when there is nothing.</param>
internal sealed record Identity(Credentials? Drop, string? Note)
{
    /// <summary>Resolves `uid` and `gid`.</summary>
    /// <exception cref="StartException">An unknown user or group.</exception>
    public static Identity Resolve(Setting? user, Setting? group, uint currentUser, uint currentGroup)
    {
        if (user is null && group is null)
            return new Identity(null, null);
        var entry = user is null ? new UserEntry("root", 0, 0) : FindUser(user);
        // Without `gid`: the user's own group. To keep root's would be a trap.
        uint groupId = group is null ? entry.PrimaryGroup ?? entry.Id : FindGroup(group);
        if (currentUser != 0)
        {
            bool same = (user is null || entry.Id == currentUser) && (group is null || groupId == currentGroup);
            return new Identity(null, same ? null : $"{(user ?? group)!.Name} has no effect ({(user ?? group)!.Source}): only root can become another user");
        }
        uint[] groups = entry.Name is null ? [groupId] : Credentials.GroupsOf(entry.Name, groupId);
        return new Identity(new Credentials(user is null ? currentUser : entry.Id, groupId, groups), null);
    }

    private static UserEntry FindUser(Setting user)
        => Credentials.FindUser(user.Value)
            ?? throw new StartException($"{user.Source}: {user}: there is no such user. Create it (`useradd --system {user.Value}`), or name another.");

    private static uint FindGroup(Setting group)
        => Credentials.FindGroup(group.Value)
            ?? throw new StartException($"{group.Source}: {group}: there is no such group. Create it (`groupadd --system {group.Value}`), or name another.");
}
