"""A WSGI application that shows what the server does to it: each path is one probe.

Nothing here depends on the server. The version that `/version` tells is read once, from the file VERSION beside this one, so that a reload shows.
"""

import json
import os
import signal
import sys
import threading
import time
from urllib.parse import parse_qs
from wsgiref.validate import validator

HERE = os.path.dirname(os.path.abspath(__file__))


def read_version():
    try:
        with open(os.path.join(HERE, "VERSION")) as file:
            return file.read().strip()
    except FileNotFoundError:
        return "1"


VERSION = read_version()
seen = 0
seen_lock = threading.Lock()


def text(start_response, body, status="200 OK", headers=()):
    body = body if isinstance(body, bytes) else body.encode()
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))] + list(headers))
    return [body]


def as_json(start_response, value):
    body = json.dumps(value, default=repr, sort_keys=True).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def argument(environ, name, default):
    return parse_qs(environ.get("QUERY_STRING", "")).get(name, [default])[0]


def hello(environ, start_response):
    return text(start_response, "Hello, world!")


def version(environ, start_response):
    return text(start_response, VERSION)


def show_environ(environ, start_response):
    return as_json(start_response, {key: value for key, value in environ.items() if key != "wsgi.input" and key != "wsgi.errors"})


def process(environ, start_response):
    """Where and as whom this runs."""
    return as_json(start_response, {
        "pid": os.getpid(), "ppid": os.getppid(), "thread": threading.get_ident(),
        "uid": os.getuid(), "euid": os.geteuid(), "gid": os.getgid(), "groups": os.getgroups(),
        "cwd": os.getcwd(), "path": sys.path, "prefix": sys.prefix, "executable": sys.executable,
        "version": ".".join(map(str, sys.version_info[:3])), "variables": dict(os.environ), "module": __name__,
        "sigpipe": signal.getsignal(signal.SIGPIPE).__repr__(),
    })


def echo(environ, start_response):
    """The body comes back, whatever says how long it is."""
    stream = environ["wsgi.input"]
    pieces = []
    if environ.get("wsgi.input_terminated"):
        pieces.append(stream.read())
    else:
        pieces.append(stream.read(int(environ.get("CONTENT_LENGTH") or 0)))
    return text(start_response, b"".join(pieces), headers=[("X-Content-Length", environ.get("CONTENT_LENGTH", ""))])


def lines(environ, start_response):
    """The body by readline, iteration and an empty read."""
    stream = environ["wsgi.input"]
    first = stream.readline()
    rest = list(stream)
    return as_json(start_response, {"first": first.decode(), "rest": [line.decode() for line in rest], "end": stream.read().decode()})


def ignore(environ, start_response):
    """The body is not read at all."""
    return text(start_response, "ignored")


def stream(environ, start_response):
    """`n` pieces, `ms` apart; each must arrive when it is yielded."""
    count, pause = int(argument(environ, "n", "3")), int(argument(environ, "ms", "0")) / 1000
    start_response("200 OK", [("Content-Type", "text/plain")])

    def pieces():
        for number in range(count):
            if number and pause:
                time.sleep(pause)
            yield b"piece %d\n" % number

    return pieces()


def written(environ, start_response):
    """By the old write callable."""
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"written ")
    write(b"and ")
    return [b"returned"]


def endless(environ, start_response):
    """Goes on until the client has left; then it leaves a note."""
    start_response("200 OK", [("Content-Type", "application/octet-stream")])

    class Body:
        def __iter__(self):
            while True:
                yield b"x" * 8192

        def close(self):
            with open(os.path.join(HERE, "closed"), "w") as file:
                file.write("closed")

    return Body()


def leave_note(environ):
    name = argument(environ, "note", "")
    if name:
        with open(os.path.join(HERE, name), "w") as file:
            file.write(str(os.getpid()))


def held(environ, start_response):
    """Until the test makes the file `gate`."""
    import gate
    leave_note(environ)
    gate.wait(os.path.join(HERE, "gate"))
    return text(start_response, "held")


def sleep(environ, start_response):
    leave_note(environ)
    time.sleep(int(argument(environ, "ms", "100")) / 1000)
    return text(start_response, "slept")


def spin(environ, start_response):
    """Never lets go of the interpreter."""
    with open(os.path.join(HERE, "spinning"), "w") as file:
        file.write(str(os.getpid()))
    while True:
        pass


def crash(environ, start_response):
    os.kill(os.getpid(), 9)
    time.sleep(60)


def leave(environ, start_response):
    os._exit(3)


def system_exit(environ, start_response):
    raise SystemExit(5)


def fail(environ, start_response):
    raise RuntimeError("raised on purpose")


def fail_late(environ, start_response):
    """After the head and a first piece have left."""
    start_response("200 OK", [("Content-Type", "text/plain")])

    def pieces():
        yield b"first"
        time.sleep(0.2)
        raise RuntimeError("raised late on purpose")

    return pieces()


def big(environ, start_response):
    size = int(argument(environ, "bytes", "1000000"))
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(size))])

    def pieces():
        block = bytes(range(256)) * 256
        left = size
        while left > 0:
            yield block[:left]
            left -= len(block)

    return pieces()


def wrapped(environ, start_response):
    """The file `wrapped` beside this one, with its length or without."""
    file = open(os.path.join(HERE, "wrapped"), "rb")
    headers = [("Content-Type", "application/octet-stream")]
    if argument(environ, "framed", "True") == "True":
        headers.append(("Content-Length", str(os.fstat(file.fileno()).st_size)))
    start_response("200 OK", headers)
    return environ["wsgi.file_wrapper"](file)


def status(environ, start_response):
    """An answer of the status asked for, with two cookies."""
    code = argument(environ, "code", "204 No Content")
    bodyless = code[:3] in ("204", "304")
    headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    if bodyless:
        start_response(code, headers)
        return []
    return text(start_response, "status", code, headers)


def count(environ, start_response):
    """How many requests this worker process has counted here."""
    global seen
    with seen_lock:
        seen += 1
        return text(start_response, str(seen))


def errors(environ, start_response):
    environ["wsgi.errors"].write("a line for wsgi.errors\n")
    environ["wsgi.errors"].flush()
    print("a line for stdout", flush=True)
    print("a line for stderr", file=sys.stderr, flush=True)
    return text(start_response, "told")


def plain(environ, start_response):
    """What wsgiref's validator watches: it reads, answers, and closes as PEP 3333 asks."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Validated", "yes")])
    return iter([b"valid ", str(len(body)).encode()])


PROBES = {
    "/": hello, "/hello": hello, "/version": version, "/environ": show_environ, "/process": process, "/echo": echo, "/lines": lines,
    "/ignore": ignore, "/stream": stream, "/written": written, "/endless": endless, "/gate": held, "/sleep": sleep, "/spin": spin, "/crash": crash,
    "/exit": leave, "/system-exit": system_exit, "/raise": fail, "/raise-late": fail_late, "/big": big, "/wrapped": wrapped, "/status": status, "/count": count,
    "/errors": errors, "/validate": validator(plain),
}


def application(environ, start_response):
    probe = PROBES.get(environ["PATH_INFO"])
    if probe is None:
        return text(start_response, "no probe at " + environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"), "404 Not Found")
    return probe(environ, start_response)


def other(environ, start_response):
    return text(start_response, "the other callable")


def make(*arguments):
    def made(environ, start_response):
        return text(start_response, "made by a factory")

    return made


not_callable = 42
