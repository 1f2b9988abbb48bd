using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Requests() =>
    [
        new("buffer-size", Integer, Works, "Largest request head, in bytes (default 65536); beyond it 431") { Short = 'b', Placeholder = "BYTES" },
        new("post-buffering", Integer, AlwaysSo, "Request bodies are complete before the application runs") { ValueOptional = true },
        new("post-buffering-bufsize", Integer, NotNeeded, "Buffers fit themselves"),
        new("limit-post", Integer, Works, "Largest request body, in bytes (default: any); beyond it 413") { Placeholder = "BYTES" },
        new("request-queue-limit", Integer, Works, "Requests that may wait for a worker (default 8192); beyond it 503") { Placeholder = "N" },
        new("request-queue-timeout", Integer, Works, "Seconds that a request may wait for a worker (default 60, 0: any); then 503") { Placeholder = "SECONDS" },
        new("response-buffer-limit", Integer, Works, "Bytes of an answer kept for a slow client before its worker has to wait (default 1073741824)")
        {
            Placeholder = "BYTES",
        },
        new("harakiri", Integer, Works, "Seconds that a request may run; then 504, its Python stack in the log, and a new process") { Short = 't', Placeholder = "SECONDS" },
        new("harakiri-verbose", Flag, AlwaysSo, "The log tells where a request that ran too long was"),
        new("harakiri-graceful-timeout", Integer, Works, "Seconds between a signal to the process of such a request and its end") { Placeholder = "SECONDS" },
        new("harakiri-graceful-signal", Integer, Works, "That signal (default 15, TERM)") { Placeholder = "N" },
        new("retry-requests", Flag, Works, "Run GET, HEAD and OPTIONS once more when their worker died before it answered (default true)"),
        new("harakiri-queue-threshold", Integer, NotYet, "End slow workers only when so many requests wait"),
        new("socket-timeout", Integer, Works, "The same as http-timeout; of both the longer one counts") { Placeholder = "SECONDS" },
        new("socket-send-timeout", Integer, NotNeeded, "Slow clients hold no worker") { Aliases = ["so-send-timeout"] },
        new("socket-write-timeout", Integer, NotNeeded, "Slow clients hold no worker") { Aliases = ["so-write-timeout"] },
        new("chunked-input-timeout", Integer, NotNeeded, "Slow clients hold no worker"),
        new("chunked-input-limit", Integer, NotNeeded, "limit-post counts for chunked bodies too"),
        new("response-headers-limit", Integer, NotNeeded, "Answers may have any number of headers"),
        new("collect-header", Text, NotYet, "Keep an answer's header in a variable") { Repeatable = true },
    ];
}
