"""What bench/chaos.py asks for. A file BROKEN in the current directory makes the import fail: a bad release."""

import os
import time

if os.path.exists("BROKEN"):
    raise RuntimeError("this release is broken")

LARGE = bytes(range(256)) * 4000


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/echo":
        body = environ["wsgi.input"].read()
    elif path == "/sleep":
        time.sleep(0.05)
        body = b"slept"
    elif path == "/large":
        body = LARGE
    else:
        body = b"hello"
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))])
    return [body]
