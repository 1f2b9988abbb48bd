using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Application() =>
    [
        new("module", Name, Works, "The WSGI application: package.module, with :callable or :factory() behind it")
        {
            Aliases = ["wsgi"], Short = 'w', Placeholder = "MODULE",
        },
        new("wsgi-file", FilePath, Works, "The Python file that holds the application") { Aliases = ["file"], Placeholder = "FILE" },
        new("callable", Name, Works, "The application's name in its module (default application)") { Placeholder = "NAME" },
        new("chdir", FilePath, Works, "The application's working directory")
        {
            Origin = PathOrigin.StartDirectory, Placeholder = "DIR",
        },
        new("home", FilePath, Works, "The virtual environment whose Python runs the application")
        {
            Aliases = ["virtualenv", "venv", "pyhome"], Short = 'H', Placeholder = "DIR",
        },
        new("pythonpath", FilePath, Works, "Put a directory in front of sys.path") { Aliases = ["python-path", "pp"], Repeatable = true, Placeholder = "DIR" },
        new("env", Text, Works, "Set an environment variable for the application; without = remove it") { Repeatable = true, Placeholder = "NAME=VALUE" },
        new("need-app", Flag, Works, "Do not start without an application (default true)"),
        new("lazy-apps", Flag, Works, "Import the application in each worker instead of once before they are forked") { Aliases = ["lazy-app"] },
        new("lazy", Flag, NotYet, "Import the application in each worker; use lazy-apps"),
        new("enable-threads", Flag, AlwaysSo, "Python threads run") { Short = 'T' },
        new("single-interpreter", Flag, AlwaysSo, "A worker is one Python interpreter") { Aliases = ["single-interp"], Short = 'i' },
        new("disable-write-exception", Flag, AlwaysSo, "A client that left raises nothing in the application") { Aliases = ["disable-write-exceptions"] },
        new("ignore-sigpipe", Flag, AlwaysSo, "A client that left is not worth a message"),
        new("ignore-write-errors", Flag, AlwaysSo, "A client that left is not worth a message"),
        new("plugin", Text, NotNeeded, "Everything is built in") { Aliases = ["plugins", "need-plugin", "need-plugins"], Repeatable = true },
        new("plugin-dir", Text, NotNeeded, "Everything is built in") { Aliases = ["plugins-dir"], Repeatable = true },
        new("mount", Name, Works, "Another application below a URL prefix: a file, or a module with :callable")
        {
            Repeatable = true, Placeholder = "/PREFIX=APPLICATION",
        },
        new("manage-script-name", Flag, Works, "Move the prefix of a mount from PATH_INFO to SCRIPT_NAME"),
        new("vhost", Flag, NotYet, "Choose the application by host name") { Aliases = ["vhosting"] },
        new("gevent", Integer, Works, "Requests that each worker serves at a time, in greenlets instead of threads") { ValueOptional = true, Placeholder = "N" },
        new("gevent-monkey-patch", Flag, Works, "Patch the standard library for gevent before the application is imported (default true)")
        {
            Aliases = ["gevent-early-monkey-patch"],
        },
        new("gevent-wait-for-hub", Flag, Works, "A worker that leaves waits for the application's own greenlets, too"),
        new("loop", Name, Works, "The loop that `async` is about: gevent") { Placeholder = "gevent" },
        new("async", Integer, Works, "With loop = gevent: the same as gevent = N") { Placeholder = "N" },
        new("asyncio", Integer, Refused, "Greenlets on an asyncio loop; use gevent = N, or threads = N") { ValueOptional = true },
        new("ugreen", Flag, Refused, "Coroutines of uWSGI's own; use gevent = N, or threads = N"),
        new("py-call-uwsgi-fork-hooks", Flag, AlwaysSo, "Python's own fork hooks run"),
        new("py-call-osafterfork", Flag, AlwaysSo, "Python's own fork hooks run"),
        new("wsgi-disable-file-wrapper", Flag, NotYet, "Do not offer wsgi.file_wrapper"),
        new("wsgi-env-behaviour", Name, NotNeeded, "Each request has its own environ") { Aliases = ["wsgi-env-behavior"] },
        new("wsgi-accept-buffer", Flag, NotNeeded, "Answers may be any bytes-like object"),
        new("import", Name, Works, "Import a module or a file before the application, wherever that is imported")
        {
            Aliases = ["py-import", "python-import"], Repeatable = true, Placeholder = "MODULE",
        },
        new("uwsgi-module", Flag, Works, "The application finds a module uwsgi, and uwsgidecorators (default true)"),
        new("shared-import", Name, Works, "Import a module or a file once before the workers are forked")
        {
            Aliases = ["py-shared-import", "python-shared-import"], Repeatable = true, Placeholder = "MODULE",
        },
        new("optimize", Integer, NotYet, "Python's -O") { Short = 'O' },
        new("pyargv", Text, Works, "Words for sys.argv, behind its first") { Placeholder = "WORDS" },
        new("paste", Text, NotYet, "An application described by a Paste file"),
        new("paste-logger", Flag, NotYet, "Logging as a Paste file describes it") { ValueOptional = true },
        new("catch-exceptions", Flag, NotYet, "Show tracebacks in the browser"),
        new("reload-on-exception", Flag, NotYet, "Replace a worker whose application raised"),
    ];
}
