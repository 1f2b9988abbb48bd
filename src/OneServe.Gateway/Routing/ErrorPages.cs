using OneServe.Configuration;

namespace OneServe.Gateway.Routing;

/// <summary>The bodies of the gateway's own errors, read when the configuration is.</summary>
internal sealed class ErrorPages
{
    private readonly Dictionary<int, byte[]> _pages = [];

    private ErrorPages(IEnumerable<ErrorPageOptions> pages)
    {
        foreach (var page in pages)
        {
            try
            {
                _pages[page.Status] = File.ReadAllBytes(page.File.Value);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The master has looked at it a moment ago; without it the error has no body.
            }
        }
    }

    /// <summary>Null: there are none.</summary>
    public static ErrorPages? Of(RoutingOptions options) => options.ErrorPages.IsEmpty ? null : new ErrorPages(options.ErrorPages);

    /// <summary>Empty: there is none for this status.</summary>
    public ReadOnlyMemory<byte> Of(int status) => _pages.GetValueOrDefault(status);
}
