using System.Collections.Immutable;
using System.Globalization;

namespace OneServe.Configuration;

/// <summary>Makes the typed options of routes, added headers and error pages.</summary>
internal sealed class RoutingBinder(ImmutableArray<Setting> settings, DiagnosticList diagnostics)
{
    private static readonly int[] Statuses = [403, 404, 500];

    /// <param name="directory">`chdir`, if there is one.</param>
    public RoutingOptions Bind(string? directory) => new()
    {
        Routes = new RouteBinder(settings, new RouteActionReader(directory, diagnostics), diagnostics).Bind(),
        AddedFields = [.. settings.Where(setting => setting.Name == "add-header").Select(Field).OfType<AddedField>()],
        ErrorPages = [.. Statuses.Select(Page).OfType<ErrorPageOptions>()],
    };

    private ErrorPageOptions? Page(int status)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"error-page-{status}");
        return settings.LastOrDefault(setting => setting.Name == name) is { } file ? new ErrorPageOptions(status, file) : null;
    }

    private AddedField? Field(Setting setting)
    {
        if (FieldLine.Read(setting.Value) is not var (name, value))
        {
            diagnostics.Error("`add-header` needs a name and a value", setting.Source, "add-header = X-Frame-Options: DENY");
            return null;
        }

        if (FieldLine.IsOurs(name))
        {
            // Files have `Connection: close` for routers that cannot keep connections open.
            string? hint = name.Equals("Connection", StringComparison.OrdinalIgnoreCase) ? "http-keepalive = 0 closes each connection after its answer" : null;
            diagnostics.Warning($"`{setting}` has no effect: where an answer and a connection end is the server's own matter", setting.Source, hint);
            return null;
        }

        return new AddedField(name, RouteBinder.Octets(value));
    }
}
