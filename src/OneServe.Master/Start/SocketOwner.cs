using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>Who the files of UNIX sockets belong to.</summary>
/// <param name="UserId">Null: who makes them.</param>
/// <param name="GroupId">Null: the group of who makes them.</param>
/// <param name="IsRequired">`chown-socket` asks for it.</param>
internal sealed record SocketOwner(uint? UserId, uint? GroupId, bool IsRequired)
{
    /// <summary>`chown-socket`, in whose gaps stand the user and group that the server drops to.</summary>
    /// <exception cref="StartException">An unknown user or group.</exception>
    public static SocketOwner Resolve(Setting? setting, Identity identity)
    {
        uint? user = identity.Drop?.UserId, group = identity.Drop?.GroupId;
        if (setting is null)
            return new SocketOwner(user, group, IsRequired: false);
        string[] names = setting.Value.Split(':');
        if (names.Length > 2 || names.All(static name => name.Length == 0))
            throw new StartException($"{setting.Source}: {setting}: this is no owner. Write `{setting.Name} = user`, `user:group` or `:group`.");
        if (names[0].Length > 0)
        {
            user = (Credentials.FindUser(names[0])
                ?? throw new StartException($"{setting.Source}: {setting}: there is no user {names[0]}. `getent passwd` lists them.")).Id;
        }
        if (names is [_, { Length: > 0 } groupName])
        {
            group = Credentials.FindGroup(groupName)
                ?? throw new StartException($"{setting.Source}: {setting}: there is no group {groupName}. `getent group` lists them.");
        }
        return new SocketOwner(user, group, IsRequired: true);
    }
}
