namespace OneServe.Configuration;

/// <summary>What `%(…)` of `log-format` can tell. Those of the same name as uWSGI's mean the same.</summary>
public enum LogVariable
{
    /// <summary>No variable: text.</summary>
    Literal,

    /// <summary>Path and query as sent.</summary>
    Uri,
    Method,

    /// <summary>Whom a route has let in.</summary>
    User,

    /// <summary>The client's address.</summary>
    Addr,
    Host,

    /// <summary>Such as `HTTP/1.1`.</summary>
    Proto,

    /// <summary>User-Agent.</summary>
    Uagent,
    Referer,
    Status,

    /// <summary>Bytes of the answer's body.</summary>
    Rsize,

    /// <summary>Bytes of the answer's fields.</summary>
    Hsize,

    /// <summary>Both together.</summary>
    Size,

    /// <summary>Content-Length of the request; 0: none.</summary>
    Cl,

    /// <summary>From the request's head to the end of its answer, in microseconds.</summary>
    Micros,
    Msecs,

    /// <summary>With six decimals.</summary>
    Secs,

    /// <summary>When the request's head was there: milliseconds since 1970.</summary>
    Tmsecs,
    Tmicros,

    /// <summary>The same in seconds.</summary>
    Time,

    /// <summary>The same as Apache writes it, in local time.</summary>
    Ltime,

    /// <summary>The same as `log-date` has it, with `logformat-strftime`; else as Ltime.</summary>
    Ftime,

    /// <summary>The same as ctime(3) writes it.</summary>
    Ctime,

    /// <summary>The present time, seconds since 1970.</summary>
    Epoch,

    /// <summary>The process that answered.</summary>
    Pid,

    /// <summary>The worker's number; 0: the gateway.</summary>
    Wid,

    /// <summary>Always 1: there are no cooperative switches.</summary>
    Switches,

    /// <summary>Entries of the environ; 0: the application was not asked.</summary>
    Vars,

    /// <summary>The worker's thread, from 0.</summary>
    Core,

    /// <summary>Bytes of address space of the process that answered.</summary>
    Vsz,

    /// <summary>Its bytes of resident memory.</summary>
    Rss,
    VszM,
    RssM,

    /// <summary>Bytes of the environ.</summary>
    Pktsize,

    /// <summary>Always 0: Python's, in the uwsgi protocol.</summary>
    Modifier1,
    Modifier2,

    /// <summary>The answer's fields.</summary>
    Headers,

    /// <summary>1: the client left before it had its answer.</summary>
    Werr,

    /// <summary>1: the client left before it had sent its body.</summary>
    Rerr,

    /// <summary>Both together.</summary>
    Ioerr,

    /// <summary>`var.NAME`: an entry of the environ.</summary>
    Environ,

    /// <summary>`metric.NAME`: always 0.</summary>
    Metric,

    /// <summary>Any other name: what the application has set for the request.</summary>
    Application,
}
