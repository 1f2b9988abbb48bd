"""Applications for the tests, by path: /name calls the function `name`."""
import fcntl
import gzip
import io
import os
import sys
import tempfile
import threading
import time

TEXT = [('Content-Type', 'text/plain')]
closed = []


def application(environ, start_response):
    name = environ['PATH_INFO'].strip('/').partition('/')[0]
    return globals()[name](environ, start_response)


class Closing:
    """An iterable that counts its close()."""

    def __init__(self, blocks, hook=None):
        self.blocks, self.hook = blocks, hook

    def __iter__(self):
        return iter(self.blocks)

    def close(self):
        closed.append(id(self))
        if self.hook:
            self.hook()


def hello(environ, start_response):
    start_response('200 OK', TEXT + [('Content-Length', '13')])
    return [b'Hello, World!']


def closes(environ, start_response):
    """How often close() has been called so far."""
    start_response('200 OK', TEXT)
    return [b'%d' % len(closed)]


def pid(environ, start_response):
    start_response('200 OK', TEXT)
    return [b'%d' % os.getpid()]


# Forms of a reply

def generator(environ, start_response):
    start_response('200 OK', TEXT)
    return (block for block in (b'', b'one ', b'', b'two'))


def lazy_start(environ, start_response):
    yield b''
    start_response('200 OK', TEXT)
    yield b'late'


def list_of_many(environ, start_response):
    start_response('200 OK', TEXT)
    return [b'a', b'b', b'c']


def nothing(environ, start_response):
    start_response('200 OK', TEXT)
    return []


def plain_bytes(environ, start_response):
    start_response('200 OK', TEXT)
    return b'plain'


def exact_iterable(environ, start_response):
    start_response('200 OK', [('Content-Length', '5')])
    return Closing([b'exact'])


def whole_large(environ, start_response):
    start_response('200 OK', TEXT)
    return [b'x' * 3000000]


def whole_random(environ, start_response):
    size, seed = map(int, environ['QUERY_STRING'].split(','))
    start_response('200 OK', [('X-Seed', str(seed))] * (seed % 3))
    return [bytes([seed % 251]) * size]


def written(environ, start_response):
    write = start_response('200 OK', TEXT)
    write(b'')
    write(b'one ')
    write(b'two ')
    return [b'three']


def written_exactly(environ, start_response):
    write = start_response('200 OK', [('Content-Length', '3')])
    write(b'one')
    return []


def subclasses(environ, start_response):
    class Text(str):
        def __str__(self):
            return self

    start_response(Text('200 OK'), [(Text('X-Text'), Text('yes'))])
    return [b'ok']


def latin(environ, start_response):
    start_response('200 Très bien', [('X-Name', 'Zo\xeb')])
    return [environ['PATH_INFO'].encode('latin-1')]


# Mistakes

def raises(environ, start_response):
    raise ValueError('before start_response')


def raises_after_start(environ, start_response):
    start_response('200 OK', TEXT)
    raise ValueError('after start_response')


def raises_in_first(environ, start_response):
    start_response('200 OK', TEXT)
    return Closing(failing([]))


def raises_in_second(environ, start_response):
    start_response('200 OK', TEXT)
    return Closing(failing([b'first']))


def failing(blocks):
    yield from blocks
    raise ValueError('while iterating')


def raises_in_close(environ, start_response):
    def hook():
        raise ValueError('in close')

    start_response('200 OK', [('Content-Length', '4')])
    return Closing([b'fine'], hook)


def exits(environ, start_response):
    sys.exit(3)


def interrupts(environ, start_response):
    raise KeyboardInterrupt


def returns_none(environ, start_response):
    start_response('200 OK', TEXT)


def returns_text(environ, start_response):
    start_response('200 OK', TEXT)
    return ['text']


def never_starts(environ, start_response):
    return [b'body']


def starts_twice(environ, start_response):
    start_response('200 OK', TEXT)
    start_response('201 Created', TEXT)
    return [b'body']


def left_behind(environ, start_response):
    """A thread that calls what belongs to the request, when the FIFO ?PATH has been written to."""
    def late():
        with open(environ['QUERY_STRING'], 'rb') as fifo:
            fifo.read()
        environ['wsgi.early_hints']([('Link', '</a.css>')])
        for call in (lambda: start_response('201 Created', TEXT), lambda: write(b'late')):
            try:
                call()
            except RuntimeError as error:
                sys.stderr.write('late: %s\n' % error)

    write = start_response('200 OK', TEXT)
    threading.Thread(target=late).start()
    return [b'body']


def starts_again(environ, start_response):
    """exc_info before anything has left: the head is replaced."""
    start_response('200 OK', TEXT)
    try:
        raise ValueError('replaced')
    except ValueError:
        start_response('503 Sorry', TEXT, sys.exc_info())
    return [b'sorry']


def starts_too_late(environ, start_response):
    """exc_info after the head has left: start_response raises it again."""
    start_response('200 OK', TEXT)
    yield b'begun'
    try:
        raise ValueError('too late')
    except ValueError:
        start_response('503 Sorry', TEXT, sys.exc_info())
    yield b'never'


def bad_head(environ, start_response):
    status, headers = BAD_HEADS[environ['QUERY_STRING']]
    start_response(status, headers)
    return [b'body']


BAD_HEADS = {
    'status type': (200, []),
    'status bytes': (b'200 OK', []),
    'status text': ('OK', []),
    'status informational': ('101 Switching Protocols', []),
    'status CR LF': ('200 OK\r\nX: y', []),
    'headers tuple': ('200 OK', ()),
    'headers dict': ('200 OK', {}),
    'header list': ('200 OK', [['X-A', 'b']]),
    'header triple': ('200 OK', [('X-A', 'b', 'c')]),
    'name bytes': ('200 OK', [(b'X-A', 'b')]),
    'name space': ('200 OK', [('X A', 'b')]),
    'name empty': ('200 OK', [('', 'b')]),
    'value int': ('200 OK', [('Content-Length', 4)]),
    'value None': ('200 OK', [('X-A', None)]),
    'value LF': ('200 OK', [('X-A', 'b\nX-C: d')]),
    'value CR': ('200 OK', [('X-A', 'b\rc')]),
    'value NUL': ('200 OK', [('X-A', 'b\0')]),
    'value beyond latin-1': ('200 OK', [('X-A', '\u20ac')]),
    'proxy-connection': ('200 OK', [('Proxy-Connection', 'close')]),
    'transfer-encoding': ('200 OK', [('transfer-encoding', 'chunked')]),
    'upgrade': ('200 OK', [('Upgrade', 'h2c')]),
    'length text': ('200 OK', [('Content-Length', 'many')]),
    'length negative': ('200 OK', [('Content-Length', '-1')]),
    'length twice': ('200 OK', [('Content-Length', '4'), ('content-length', '5')]),
    'too many': ('200 OK', [('X-%d' % i, '') for i in range(4096)]),
    'too long': ('200 OK', [('X-%d' % i, 'x' * 65536) for i in range(4)]),
}


# Lengths

def length(environ, start_response):
    """?DECLARED,FORM: a body of ten bytes in the form."""
    declared, form = environ['QUERY_STRING'].split(',')
    write = start_response('200 OK', [('Content-Length', declared)])
    if form == 'list':
        return [b'0123456789']
    if form == 'many':
        return [b'01234', b'56789']
    if form == 'blocks':
        return Closing([b'01234', b'56789'])
    if form == 'empty':
        return Closing([b''])
    write(b'01234')
    write(b'56789')
    return []


def bodyless(environ, start_response):
    status, form = environ['QUERY_STRING'].split(',')
    write = start_response(status, [('Content-Length', '4'), ('X-A', 'b')])
    if form == 'list':
        return [b'body']
    if form == 'blocks':
        return Closing([b'bo', b'dy'])
    write(b'body')
    return []


def unknown_length(environ, start_response):
    start_response('200 OK', TEXT)
    return Closing([b'bo', b'dy'])


def endless(environ, start_response):
    start_response('200 OK', TEXT)
    return Closing(zeros())


def zeros():
    while True:
        yield b'0' * 1000


def endless_with_length(environ, start_response):
    start_response('200 OK', [('Content-Length', '1500')])
    return Closing(zeros())


# Files

def file(environ, start_response):
    kind, offset = environ['QUERY_STRING'].split(',')
    descriptor, path = tempfile.mkstemp()
    os.write(descriptor, b'0123456789' * 1000)
    os.close(descriptor)
    if kind == 'raw':
        opened = io.FileIO(path)
    elif kind == 'random':
        opened = open(path, 'r+b')
    elif kind == 'gzip':
        with gzip.open(path, 'wb') as packed:
            packed.write(b'0123456789' * 1000)
        opened = gzip.open(path)
    elif kind == 'buffered gzip':
        with gzip.open(path, 'wb') as packed:
            packed.write(b'0123456789' * 1000)
        opened = io.BufferedReader(gzip.open(path))
    elif kind == 'memory':
        opened = io.BytesIO(b'0123456789' * 1000)
    elif kind == 'kernel':
        opened = open('/proc/self/comm', 'rb')
    else:
        opened = open(path, 'rb')
    os.unlink(path)
    opened.seek(int(offset))
    if kind == 'read before':
        opened.read(10)
    hidden = opened.close

    def close():
        closed.append(id(opened))
        hidden()

    if kind != 'raw' and kind != 'memory':
        opened.close = close
    headers = list(TEXT)
    if kind == 'shorter':
        headers.append(('Content-Length', '100'))
    elif kind == 'longer':
        headers.append(('Content-Length', '99999'))
    start_response('200 OK', headers)
    return environ['wsgi.file_wrapper'](opened)


def pipe(environ, start_response):
    reader, writer = os.pipe()
    os.write(writer, b'through a pipe')
    os.close(writer)
    start_response('200 OK', TEXT)
    return environ['wsgi.file_wrapper'](open(reader, 'rb'))


# Input

def echo(environ, start_response):
    body = environ['wsgi.input']
    how = environ['QUERY_STRING']
    if how == 'parts':
        parts = [body.read(3), body.readline(), body.readline(2)]
        parts += body.readlines(1)
        parts += body
        parts.append(body.read())
    elif how == 'lines':
        parts = body.readlines()
    elif how == 'short':
        parts = [body.read(2)]
    elif how == 'blocks':
        parts = iter(lambda: body.read(1000), b'')
    elif how == 'replaced':
        environ['wsgi.input'] = None
        parts = [body.read()]
    else:
        parts = [body.read(), body.read()]
    start_response('200 OK', TEXT)
    return [b'|'.join(parts)]


def flags(environ, start_response):
    start_response('200 OK', TEXT)
    return [repr({name: environ[name] for name in (
        'wsgi.version', 'wsgi.multithread', 'wsgi.multiprocess', 'wsgi.run_once', 'wsgi.input_terminated')}).encode()]


def errors(environ, start_response):
    environ['wsgi.errors'].write('to the ')
    environ['wsgi.errors'].writelines(['log\n'])
    environ['wsgi.errors'].flush()
    print('to stdout')
    start_response('204 No Content', [])
    return []


# Processes

def fork_back(environ, start_response):
    """A child that comes back into the slot."""
    if os.fork():
        os.wait()
    start_response('200 OK', TEXT)
    return [b'%d' % os.getpid()]


def fork_in_stream(environ, start_response):
    start_response('200 OK', TEXT)

    def blocks():
        yield b'%d ' % os.getpid()
        if os.fork():
            os.wait()
        yield b'%d' % os.getpid()
    return blocks()


def waits(environ, start_response):
    """Until the file named by the query is no longer locked."""
    with open(environ['QUERY_STRING'], 'rb') as barrier:
        fcntl.flock(barrier, fcntl.LOCK_SH)
    start_response('200 OK', TEXT)
    return [threading.current_thread().name.encode()]


def sleeps(environ, start_response):
    """Until the file named by the query is there, or for ever."""
    while not os.path.exists(environ['QUERY_STRING']):
        time.sleep(.005)
    start_response('200 OK', TEXT)
    return [b'slept']


def streams(environ, start_response):
    start_response('200 OK', TEXT)
    for _ in range(64):
        yield b'x' * 100000


def hinted(environ, start_response):
    """103 before the head, again, and in vain after it."""
    hint = environ['wsgi.early_hints']
    hint([('Link', '</a.css>; rel=preload'), ('Content-Length', '5')])
    hint([('Link', '</b.js>; rel=preload')])
    if environ['QUERY_STRING'] == 'bad':
        hint([('Link', 'a\r\nX: b')])
    write = start_response('200 OK', TEXT)
    if environ['QUERY_STRING'] == 'stream':
        write(b'hin')
        hint([('Link', '</c.js>; rel=preload')])
        return [b'ted']
    return [b'hinted']


def keep_alive(environ, start_response):
    start_response('200 OK', TEXT + [('Connection', 'keep-alive'), ('Keep-Alive', 'timeout=5')])
    return [b'kept']


def imports_late(environ, start_response):
    import validated
    start_response('200 OK', TEXT)
    return [validated.__name__.encode()]


def raises_markup(environ, start_response):
    raise ValueError('<script>')
