using System.Diagnostics;
using System.Net;
using OneServe.FunctionalTests.Harness;

namespace OneServe.FunctionalTests.Nginx;

/// <summary>nginx in one process: beside the server under test on the same directories, or before it as a proxy.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/local/nginx/sbin/nginx"];

    private readonly Process _process;

    private NginxProcess(Process process, int port)
    {
        _process = process;
        EndPoint = TestSite.At(port);
    }

    /// <summary>Whether there is one on this machine.</summary>
    public static string? Executable { get; } = Array.Find(Places, File.Exists);

    public EndPoint EndPoint { get; }

    /// <param name="site">Its directories are served.</param>
    /// <param name="locations">The server's locations in place of the directories.</param>
    /// <param name="upstream">The contents of an upstream `site`, for `proxy_pass http://site`.</param>
    public static async Task<NginxProcess> StartAsync(TestSite site, string? locations = null, string upstream = "server 127.0.0.1:1;")
    {
        int port = Ports.Next();
        string work = site.PathOf("nginx");
        Directory.CreateDirectory(work);
        string types = Array.Find((string[])["/etc/nginx/mime.types", "/usr/local/nginx/conf/mime.types"], File.Exists)!;
        string configuration = site.Write("nginx/nginx.conf", $$"""
            daemon off; master_process off; pid {{work}}/nginx.pid; error_log {{work}}/error.log;
            events { worker_connections 64; }
            http {
              include {{types}}; access_log off; sendfile on; tcp_nopush on; gzip_static on; autoindex off; absolute_redirect off;
              client_body_temp_path {{work}}/body; proxy_temp_path {{work}}/proxy; fastcgi_temp_path {{work}}/fastcgi;
              uwsgi_temp_path {{work}}/uwsgi; scgi_temp_path {{work}}/scgi;
              upstream site { {{upstream}} }
              server {
                listen 127.0.0.1:{{port}}; listen [::1]:{{port}}; root {{work}}/empty;
                {{locations ?? $"location /static/ {{ alias {site.Directory}/static/; }} location /media/ {{ root {site.Directory}; }}"}}
              }
            }
            """);
        var start = new ProcessStartInfo(Executable!, ["-e", $"{work}/error.log", "-c", configuration]) { RedirectStandardError = true };
        var nginx = new NginxProcess(Process.Start(start)!, port);
        await Poll.Until(() => OneServeProcess.CanConnect(nginx.EndPoint), "nginx listens");
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
