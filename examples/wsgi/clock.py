"""The smallest site: the time, and the time streamed line by line under /ticks."""

import time


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/":
        status, body = "200 OK", [time.strftime("It is %H:%M:%S.\n").encode()]
    elif path == "/ticks":
        status, body = "200 OK", ticks(5)
    else:
        status, body = "404 Not Found", [b"There is / and /ticks.\n"]
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
    return body


def ticks(count):
    """Each piece leaves when it is yielded: `curl -N localhost:8000/ticks` shows them one by one."""
    for number in range(count):
        if number:
            time.sleep(1)
        yield time.strftime("%H:%M:%S\n").encode()
