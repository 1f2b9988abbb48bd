"""/hello, /10k and /echo as WSGI; /sleep takes 10 ms, /block 50 ms, both without using the CPU."""

import time

TEN_KILOBYTES = b"x" * 10240


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/hello":
        body = b"Hello, world!"
    elif path == "/10k":
        body = TEN_KILOBYTES
    elif path == "/echo":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    elif path == "/sleep":
        time.sleep(0.010)
        body = b"slept"
    elif path == "/block":
        time.sleep(0.050)
        body = b"blocked"
    else:
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
