using Microsoft.AspNetCore.Http;

namespace OneServe.Gateway.Routing;

/// <summary>What routes have decided about one request.</summary>
internal sealed class RouteDecision
{
    private readonly List<(string Name, string? Value)> _fields = [];

    public RouteVerdict Verdict { get; set; }

    /// <summary>Of the answer, when it is <see cref="RouteVerdict.Answer"/>.</summary>
    public OwnAnswer Answer { get; set; }

    /// <summary>The file to send, and its name there.</summary>
    public RouteFile? File { get; set; }

    public string FileName { get; set; } = "";

    /// <summary>It gets its line in the access log.</summary>
    public bool IsLogged { get; set; } = true;

    /// <summary>Whom a `basicauth` let in.</summary>
    public string User { get; set; } = "";

    /// <summary>Adds a field to the answer, or (null) takes it away.</summary>
    public void Change(string name, string? value) => _fields.Add((name, value));

    /// <summary>Changes an answer's fields.</summary>
    /// <param name="replaces">The answer is the server's own: what the configuration says goes before what the server would say.</param>
    public void Apply(IHeaderDictionary fields, bool replaces)
    {
        foreach (var (name, value) in _fields)
        {
            if (value is null)
                fields.Remove(name);
            else
                AddedFields.Add(fields, name, value, replaces);
        }
    }
}

/// <summary>Where a request goes.</summary>
internal enum RouteVerdict
{
    /// <summary>To the files and the application, as without routes.</summary>
    Pass,

    Answer,
    File,

    /// <summary>Nowhere: its connection is cut.</summary>
    Cut,
}
