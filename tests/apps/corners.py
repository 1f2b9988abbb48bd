"""Corners of WSGI, one a path. Nothing here depends on the server."""

import gc
import gzip
import io
import json
import os
import sys
import tempfile
import time
from urllib.parse import parse_qs

import gate

HERE = os.path.dirname(os.path.abspath(__file__))
PATTERN = bytes(range(256)) * 256


def argument(environ, name, default):
    return parse_qs(environ.get("QUERY_STRING", "")).get(name, [default])[0]


def text(start_response, body, status="200 OK", headers=()):
    body = body if isinstance(body, bytes) else body.encode()
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))] + list(headers))
    return [body]


def note(name, content):
    """Leaves a line in a file that the test reads."""
    with open(os.path.join(HERE, name), "a") as file:
        file.write(content + "\n")


class Closing:
    """An iterable that notes its close()."""

    def __init__(self, blocks, name):
        self.blocks, self.name = blocks, name

    def __iter__(self):
        return iter(self.blocks)

    def close(self):
        note(self.name, "closed")


def whole(environ, start_response):
    """`mb` MiB from a generator; the note tells when the last block was taken."""
    count = int(argument(environ, "mb", "1"))
    headers = [("Content-Type", "application/octet-stream")]
    if argument(environ, "length", ""):
        headers.append(("Content-Length", str(count << 20)))
    start_response("200 OK", headers)

    def blocks():
        for _ in range(count * 16):
            yield PATTERN
        note("produced", "all")

    return blocks()


def memory(environ, start_response):
    with open("/proc/self/status") as file:
        lines = dict(line.split(":", 1) for line in file)
    return text(start_response, "%s %s" % (os.getpid(), lines["VmRSS"].split()[0]))


def pid(environ, start_response):
    return text(start_response, str(os.getpid()))


def held(environ, start_response):
    """Until the test opens the gate."""
    note("started", "held")
    gate.wait(os.path.join(HERE, "gate"))
    return text(start_response, "let go")


def received(environ, start_response):
    body = environ["wsgi.input"].read()
    return text(start_response, "%d %s" % (len(body), environ.get("CONTENT_LENGTH")))


def hints(environ, start_response):
    send = environ.get("wsgi.early_hints")
    if send is not None:
        send([("Link", "</style.css>; rel=preload; as=style")])
        send([("Link", "</app.js>; rel=preload; as=script")])
    return text(start_response, "hinted")


def kept_alive(environ, start_response):
    """What many an event stream's view sets, against PEP 3333."""
    start_response("200 OK", [("Content-Type", "text/event-stream"), ("Connection", "keep-alive"), ("X-Accel-Buffering", "no")])
    return iter([b"data: 1\n\n", b"data: 2\n\n"])


def header(environ, start_response):
    start_response("200 OK", [(argument(environ, "name", "X-Header"), argument(environ, "value", "x"))])
    return [b"sent"]


def written_and_returned(environ, start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"written ")

    def blocks():
        write(b"inside ")
        yield b"yielded "
        write(b"")
        yield b"end"

    return blocks()


def replaced(environ, start_response):
    """A second start_response with exc_info before anything has left."""
    start_response("200 OK", [("X-First", "1")])
    try:
        raise ValueError("replaced on purpose")
    except ValueError:
        start_response("503 Service Unavailable", [("X-Second", "2")], sys.exc_info())
    return [b"replaced"]


def replaced_late(environ, start_response):
    """The same when the head has left: the exception must come back."""
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"first ")
    try:
        raise ValueError("late on purpose")
    except ValueError:
        try:
            start_response("500 Internal Server Error", [], sys.exc_info())
        except ValueError:
            note("reraised", "yes")
            raise


def started_twice(environ, start_response):
    start_response("200 OK", [])
    start_response("200 OK", [])
    return [b"never"]


def raising(environ, start_response):
    """An iterable that raises at the stage asked for, and notes its close()."""
    stage = argument(environ, "stage", "first")

    class Body:
        def __iter__(self):
            if stage == "iter":
                raise RuntimeError("at iter")
            if stage == "first":
                raise RuntimeError("at first")
            start_response("200 OK", [("Content-Type", "text/plain")])
            if stage == "empty":
                yield b""
                raise RuntimeError("after an empty block")
            yield b"block "
            if stage == "second":
                raise RuntimeError("at second")

        def close(self):
            note("closes", stage)
            if stage == "close":
                raise RuntimeError("at close")

    return Body()


def lengths(environ, start_response):
    """`n` bytes under a Content-Length of `say`."""
    count, say, pieces = int(argument(environ, "n", "10")), argument(environ, "say", "10"), int(argument(environ, "pieces", "1"))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", say)])
    if pieces == 1:
        return [b"x" * count]
    return iter([b"x" * (count // pieces)] * pieces)


def wrong(environ, start_response):
    """Types that PEP 3333 forbids."""
    kind = argument(environ, "kind", "")
    good = [("Content-Type", "text/plain")]
    if kind == "status-bytes":
        start_response(b"200 OK", good)
    elif kind == "status-number":
        start_response(200, good)
    elif kind == "headers-tuple":
        start_response("200 OK", tuple(good))
    elif kind == "header-bytes":
        start_response("200 OK", [("X", b"1")])
    elif kind == "header-number":
        start_response("200 OK", [("X", 1)])
    elif kind == "value-newline":
        start_response("200 OK", [("X", "a\r\nSet-Cookie: evil=1")])
    elif kind == "name-newline":
        start_response("200 OK", [("X\r\nY", "a")])
    elif kind == "transfer-encoding":
        start_response("200 OK", [("Transfer-Encoding", "chunked")])
    elif kind == "upgrade":
        start_response("200 OK", [("Upgrade", "websocket")])
    elif kind == "beyond-latin-1":
        start_response("200 OK", [("X", "\u20ac")])
    elif kind == "str-body":
        start_response("200 OK", good)
        return ["text"]
    elif kind == "none":
        start_response("200 OK", good)
        return None
    elif kind == "no-start":
        pass
    return [b"never"]


def bodyless(environ, start_response):
    """204 and 304 with a body all the same."""
    start_response(argument(environ, "status", "204 No Content"), [("X-Kept", "1")])
    return [b"not to be sent"]


def file_response(environ, start_response):
    """One kind of file through wsgi.file_wrapper, read on from byte 5."""
    kind = argument(environ, "kind", "plain")
    path = os.path.join(HERE, "file.bin")
    if not os.path.exists(path):
        with open(path, "wb") as made:
            made.write(PATTERN * 4)
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    if kind == "plain":
        file = open(path, "rb")
    elif kind == "raw":
        file = open(path, "rb", buffering=0)
    elif kind == "random":
        file = open(path, "r+b")
    elif kind == "temporary":
        file = tempfile.TemporaryFile()
        file.write(PATTERN * 4)
    elif kind == "bytes":
        file = io.BytesIO(PATTERN * 4)
    elif kind == "gzip":
        with gzip.open(path + ".gz", "wb") as made:
            made.write(PATTERN * 4)
        file = gzip.open(path + ".gz", "rb")
    elif kind == "subclass":
        class Reversed(io.FileIO):
            def read(self, size=-1):
                return super().read(size)[::-1]

        file = Reversed(path)
    elif kind == "pipe":
        reader, writer = os.pipe()
        os.write(writer, b"12345through a pipe")
        os.close(writer)
        file = os.fdopen(reader, "rb")
        file.read(5)
        return environ["wsgi.file_wrapper"](file)
    else:
        raise ValueError(kind)
    file.seek(5)
    return environ["wsgi.file_wrapper"](file, 32768)


def input_corners(environ, start_response):
    """read, readline with limits, readlines with a hint, iteration, reads past the end."""
    stream, found = environ["wsgi.input"], []
    found.append(stream.read(3))
    found.append(stream.readline(2))
    found.append(stream.readline())
    found.append(stream.read(0))
    found.append(b"|".join(stream.readlines(1)))
    found.append(next(iter(stream), b"none"))
    found.append(stream.read())
    found.append(stream.read())
    found.append(stream.read(5))
    found.append(stream.readline())
    found.append(b"|".join(stream))
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps([part.decode("latin-1") for part in found]).encode()]


def non_ascii(environ, start_response):
    """Bytes beyond ASCII in each part, as latin-1 text; and back in a header."""
    parts = {key: environ.get(key) for key in ("PATH_INFO", "QUERY_STRING", "REQUEST_URI", "HTTP_X_TEXT", "HTTP_COOKIE", "CONTENT_TYPE", "HTTP_REFERER")}
    body = json.dumps(parts).encode()
    start_response("200 \u00c4hnlich", [("Content-Type", "application/json"), ("X-Text", environ.get("HTTP_X_TEXT", "\u00e4"))])
    return [body]


def left(environ, start_response):
    """Streams until the client has left; each close() is noted."""
    start_response("200 OK", [("Content-Type", "text/plain")])

    def blocks():
        while True:
            yield b"x" * 1000
            time.sleep(0.01)

    return Closing(blocks(), "left-closed")


def process_facts(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"forked": FORKED, "pid": os.getpid(), "imported": IMPORTED}).encode()]


def collect(environ, start_response):
    return text(start_response, str(gc.collect()))


FORKED = []
IMPORTED = os.getpid()
os.register_at_fork(after_in_child=lambda: FORKED.append(os.getpid()))

PATHS = {
    "/whole": whole, "/memory": memory, "/pid": pid, "/held": held, "/received": received, "/hints": hints, "/kept-alive": kept_alive,
    "/header": header, "/written": written_and_returned, "/replaced": replaced, "/replaced-late": replaced_late,
    "/started-twice": started_twice, "/raising": raising, "/lengths": lengths, "/wrong": wrong, "/bodyless": bodyless,
    "/file": file_response, "/input": input_corners, "/left": left, "/facts": process_facts, "/collect": collect,
}


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path.startswith("/text"):
        return non_ascii(environ, start_response)
    answer = PATHS.get(path)
    return answer(environ, start_response) if answer else text(start_response, "ready")
