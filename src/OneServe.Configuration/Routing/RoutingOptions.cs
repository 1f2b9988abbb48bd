using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>What is decided about requests before files and application, and what is added to every answer.</summary>
public sealed record RoutingOptions
{
    /// <summary>`route` and its kin, in the order of the file.</summary>
    public ImmutableArray<RouteOptions> Routes { get; init; } = [];

    /// <summary>`add-header`: names and values, one character an octet.</summary>
    public ImmutableArray<AddedField> AddedFields { get; init; } = [];

    /// <summary>`error-page-403` and its kin.</summary>
    public ImmutableArray<ErrorPageOptions> ErrorPages { get; init; } = [];
}

/// <summary>One header field for every answer.</summary>
public sealed record AddedField(string Name, string Value);

/// <summary>The body of the server's own answers with a status.</summary>
/// <param name="Status">403, 404 or 500.</param>
/// <param name="File">Its setting; the value is an absolute path.</param>
public sealed record ErrorPageOptions(int Status, Setting File);
