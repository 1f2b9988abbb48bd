"""Views for a worker that serves many requests at a time. Files beside this one say when those that wait may go on; most answer the process id."""

import os
import sys
import threading
import time
from urllib.parse import parse_qs

import gate

HERE = os.path.dirname(os.path.abspath(__file__))
PATTERN = bytes(range(256)) * 256
PATCHED = "gevent" in sys.modules and sys.modules["gevent"].monkey.is_module_patched("time")    # as this module was imported
together = 0


def path_of(name):
    return os.path.join(HERE, name)


def note(name):
    """A line in a file that the test reads."""
    with open(path_of(name), "a") as file:
        file.write("%d\n" % os.getpid())


def wait(name):
    """Until that file is there; other requests go on meanwhile."""
    note("waiting")
    gate.wait(path_of(name))


def spin(name):
    """Likewise, but nothing else of this process goes on."""
    note("spinning")
    end = time.monotonic() + 60
    while not os.path.exists(path_of(name)) and time.monotonic() < end:
        pass


def meet(count):
    """Until so many are in here at the same time."""
    global together
    together += 1
    gate.until(lambda: together >= count)


def blocks(count):
    for _ in range(count):
        yield PATTERN
    note("produced")


def endless():
    try:
        while True:
            time.sleep(0.01)
            yield PATTERN
    finally:
        note("closed")


def fork_and_come_back():
    """Two processes return from this view; only one of them is the worker."""
    os.fork()


def leave_something():
    """Goes on when the request is answered, and when the worker has been told to leave."""
    def later():
        wait("later")
        note("done")

    threading.Thread(target=later, daemon=True).start()


def limit_itself():
    import uwsgi
    uwsgi.set_user_harakiri(1)
    wait("never")


def remember(name):
    """What the module knows of the request is this request's, although others are in work."""
    import uwsgi
    uwsgi.set_logvar("name", name)
    meet(2)
    return uwsgi.get_logvar("name")


def application(environ, start_response):
    path = environ["PATH_INFO"]
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    body = None
    if path == "/wait":
        wait(query["for"])
    elif path == "/spin":
        spin(query["for"])
    elif path == "/whole":
        body = blocks(int(query["mb"]) * 16)
    elif path == "/endless":
        body = endless()
    elif path == "/fork":
        fork_and_come_back()
    elif path == "/leave":
        leave_something()
    elif path == "/limit":
        limit_itself()
    elif path == "/remember":
        body = [remember(query["name"])]
    elif path == "/patched":
        body = [b"%r %r" % (PATCHED, environ["wsgi.multithread"])]
    elif path == "/echo":
        body = [environ["wsgi.input"].read()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d" % os.getpid()] if body is None else body
