using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OneServe.Configuration;

namespace OneServe.Gateway.Routing;

/// <summary>The fields of `add-header`.</summary>
internal sealed class AddedFields(IReadOnlyList<AddedField> fields)
{
    public void Apply(IHeaderDictionary to, bool replaces)
    {
        // Two lines of one name are two values of it, also where they replace the server's own.
        for (int i = 0; i < fields.Count; i++)
            Add(to, fields[i].Name, fields[i].Value, replaces && !HasEarlier(i));
    }

    public static void Add(IHeaderDictionary to, string name, string value, bool replaces)
    {
        var present = replaces ? StringValues.Empty : to[name];
        to[name] = present.Count == 0 ? value : StringValues.Concat(present, value);
    }

    private bool HasEarlier(int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (fields[i].Name.Equals(fields[index].Name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
