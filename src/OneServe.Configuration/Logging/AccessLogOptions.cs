namespace OneServe.Configuration;

/// <summary>Which requests have a line in the access log, and what it says. Never changes; each generation has its own.</summary>
public sealed record AccessLogOptions
{
    /// <summary>`disable-logging` was not said: every request has its line.</summary>
    public bool LogsAll { get; init; } = true;

    /// <summary>`log-format`; null: uWSGI's default line.</summary>
    public Setting? Format { get; init; }

    /// <summary>`logformat-strftime`: the form of `%(ftime)`, that of `log-date`; null: Apache's.</summary>
    public string? TimeForm { get; init; }

    /// <summary>`log-micros`: the default line tells microseconds.</summary>
    public bool Microseconds { get; init; }

    /// <summary>`memory-report`: the default line begins with the worker's memory.</summary>
    public bool Memory { get; init; }

    /// <summary>`log-4xx`.</summary>
    public bool ClientErrors { get; init; }

    /// <summary>`log-5xx`.</summary>
    public bool ServerErrors { get; init; }

    /// <summary>`log-slow`, milliseconds; 0: not asked.</summary>
    public long Slow { get; init; }

    /// <summary>`log-big`, bytes of the answer's body; 0: not asked.</summary>
    public long Big { get; init; }

    /// <summary>`log-zero`: answers without a body.</summary>
    public bool Empty { get; init; }

    /// <summary>`log-sendfile`: answers that leave by sendfile(2).</summary>
    public bool Files { get; init; }

    /// <summary>`log-ioerror`: clients that left before they had their answer.</summary>
    public bool Broken { get; init; }

    /// <summary>No request can have a line.</summary>
    public bool IsSilent => !LogsAll && !ClientErrors && !ServerErrors && Slow == 0 && Big == 0 && !Empty && !Files && !Broken;
}
