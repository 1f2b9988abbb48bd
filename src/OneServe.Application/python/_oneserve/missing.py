"""What uWSGI has and this server has not: what to use in its place."""

_ALTERNATIVES = (
    (('mule', 'farm', 'in_farm', 'get_mule'), 'there are no mules: run a command beside the site (systemd), a task queue such as Celery or RQ, '
     'or a thread (uwsgidecorators.thread)'),
    (('spool', 'send_to_spooler', 'set_spooler', 'spooler'), 'there is no spooler: use a task queue such as Celery, RQ or Dramatiq'),
    (('websocket', 'chunked_read'), 'answer WebSockets by an application of their own, such as Django Channels; chunked bodies are read from '
     'wsgi.input'),
    (('async_', 'wait_fd', 'green_', 'suspend', 'ready_fd'), 'requests run in threads: wait as in any thread'),
    (('connection_fd', 'send', 'recv', 'close', 'connect', 'is_connected', 'cl'), 'the client\'s connection belongs to the gateway, not to a '
     'worker: read wsgi.input, return or yield the answer'),
    (('sendfile', 'offload'), 'return wsgi.file_wrapper(file), or set the header X-Sendfile'),
    (('rpc', 'register_rpc', 'call'), 'call the other service by HTTP'),
    (('metric', 'snmp'), 'count with prometheus_client or statsd'),
    (('queue', 'sharedarea'), 'use the cache (cache2) or Redis'),
    (('signal_wait', 'signal_received'), 'register a handler with register_signal'),
    (('sockets', 'listen_queue'), 'listening sockets are the gateway\'s'),
    (('route', 'add_var'), 'write the route in the configuration'),
    (('alarm',), 'write to the log, and have the log watched'),
    (('log_this_request',), 'the access log is written by the gateway; set_logvar gives it values'),
    (('SymbolsImporter', 'SymbolsZipImporter', 'ZipImporter', 'embedded_data', 'extract'), 'code is imported from files: set pythonpath'),
    (('lord_scroll', 'scrolls', 'i_am_the_lord', 'i_am_the_legion_lord'), 'there are no legions'),
    (('parsefile',), 'read the file with configparser'),
)


def text(module, name):
    """The message of the error for this name."""
    for beginnings, alternative in _ALTERNATIVES:
        if name.startswith(beginnings):
            return '%s.%s is not there: %s' % (module, name, alternative)
    if name == 'env':
        return '%s.env is there in the thread of a request only' % module
    return 'module %r has no attribute %r' % (module, name)
