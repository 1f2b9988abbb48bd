"""Views that hang, die and grow, each in its own way. Every answer of /pid is the worker's process id."""

import ctypes
import os
import threading
import time

kept = []


def crash_in_c():
    ctypes.string_at(0)


def hold_the_lock():
    """Sleeps in C without giving the interpreter's lock back: no Python code runs in this process any more."""
    ctypes.PyDLL(None).sleep(60)


def wait_for_ever():
    threading.Event().wait()


def grow():
    kept.append(bytearray(os.urandom(1) * (64 << 20)))


def recurse():
    recurse()


VIEWS = {
    "/segv": crash_in_c,
    "/abort": os.abort,
    "/exit": lambda: os._exit(7),
    "/gil": hold_the_lock,
    "/wait": wait_for_ever,
    "/sleep": lambda: time.sleep(1),
    "/grow": grow,
    "/recurse": recurse,
}


def application(environ, start_response):
    view = VIEWS.get(environ["PATH_INFO"])
    if view is not None:
        view()
    body = b"%d" % os.getpid()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
