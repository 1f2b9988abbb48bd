"""Views that hang, die and grow, each in its own way. Every answer of /pid is the worker's process id."""

import ctypes
import os
import resource
import sys
import threading
import time

import gate

kept = []


def crash_in_c():
    ctypes.string_at(0)


def hold_the_lock():
    """Sleeps in C without giving the interpreter's lock back: no Python code runs in this process any more."""
    ctypes.PyDLL(None).sleep(60)


def wait_for_ever():
    threading.Event().wait()


def wait_for_the_gate():
    open("waiting", "w").close()
    gate.wait("gate")


def limit_itself():
    import uwsgi
    uwsgi.set_user_harakiri(1)
    wait_for_ever()


def grow():
    kept.append(bytearray(os.urandom(1) * (64 << 20)))


def recurse():
    recurse()


def exit_interpreter():
    raise SystemExit(3)


def fork_and_come_back():
    """Two processes return from this view; only one of them is the worker."""
    os.fork()


def leave_an_orphan():
    """A grandchild whose parent has gone ends a little later: somebody has to take its exit status."""
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            time.sleep(0.2)
        os._exit(0)
    os.waitpid(child, 0)


def close_everything():
    os.closerange(3, 1024)


def cut_everything():
    """Empties every file that this process holds: memory shared with the gateway among them."""
    for descriptor in range(3, 64):
        try:
            os.ftruncate(descriptor, 0)
        except OSError:
            pass


def starve():
    """Takes every descriptor that this process may have."""
    try:
        while True:
            kept.append(open(os.devnull))
    except OSError:
        pass


def make_noise():
    for _ in range(1000):
        sys.stdout.write("o" * 2000 + "\n")
        sys.stderr.write("e" * 2000 + "\n")


def die_of(number):
    os.kill(os.getpid(), number)


def run_out_of_memory():
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, limits[1]))
    try:
        kept.append(bytearray(1 << 31))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


VIEWS = {
    "/segv": crash_in_c,
    "/abort": os.abort,
    "/exit": lambda: os._exit(7),
    "/gil": hold_the_lock,
    "/wait": wait_for_ever,
    "/limit": limit_itself,
    "/gate": wait_for_the_gate,
    "/grow": grow,
    "/recurse": recurse,
    "/sysexit": exit_interpreter,
    "/fork": fork_and_come_back,
    "/orphan": leave_an_orphan,
    "/close": close_everything,
    "/cut": cut_everything,
    "/noise": make_noise,
    "/starve": starve,
    "/memory": run_out_of_memory,
}


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path.startswith("/signal/"):
        die_of(int(path[8:]))
    view = VIEWS.get(path)
    if view is not None:
        view()
    if path == "/detach":
        kept.append(environ["wsgi.input"].detach())
    body = environ["wsgi.input"].read() if path == "/body" else b"%d" % os.getpid()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
