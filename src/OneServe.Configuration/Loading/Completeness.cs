namespace OneServe.Configuration;

/// <summary>Is there enough to start with?</summary>
internal static class Completeness
{
    public static void Check(ServerOptions options, SocketActivation activation, DiagnosticList diagnostics)
    {
        if (options.Listeners.IsEmpty && !DeferredSettings.MayListen(options.Settings))
        {
            Setting? other = Find(options, SocketActivation.OtherListeners.AsSpan());
            diagnostics.Error(
                other is null ? "there is no address to listen on" : $"there is no address to listen on: `{other.Name}` is not served yet",
                Place(options, other),
                other is null ? activation.Problem ?? "http = :8000" : "add http = :8000, or http-socket = /run/site.sock");
        }
        else if (!options.Listeners.IsEmpty && options.Listeners.All(listener => listener.Protocol == ListenerProtocol.HttpToHttps))
        {
            diagnostics.Error("`http-to-https` only redirects: the site itself is listened for nowhere", options.Listeners[0].Setting.Source, "add http = :8000");
        }

        ApplicationOptions application = options.Application;
        bool isNamed = application.Module is not null || application.File is not null || !application.Mounts.IsEmpty;
        if (application.Required && !isNamed && !DeferredSettings.MayNameApplication(options.Settings))
        {
            Setting? other = Find(options, "paste");
            diagnostics.Error(
                other is null ? "there is no application to serve" : $"there is no application to serve: `{other.Name}` is not served yet",
                Place(options, other),
                options.StaticMaps.IsEmpty ? "module = site.wsgi" : "module = site.wsgi, or need-app = false to serve files only");
        }
    }

    private static Setting? Find(ServerOptions options, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (options.Settings.FirstOrDefault(setting => setting.Name == name) is { } setting)
            {
                return setting;
            }
        }

        return null;
    }

    /// <summary>Something that is missing stands nowhere: the first file named, then, without a line.</summary>
    private static SourceLocation Place(ServerOptions options, Setting? about) =>
        about?.Source ?? (options.Settings.IsEmpty ? CommandLine.Source : new SourceLocation(options.Settings[0].Source.Origin, 0));
}
