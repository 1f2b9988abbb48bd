"""Tells what a server makes of a request: the environ (plain values only) and the body, as JSON."""

import json


def application(environ, start_response):
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = stream.read()
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    facts = {key: value for key, value in environ.items() if isinstance(value, (str, int, bool, tuple))}
    facts["body"] = body.decode("latin-1")
    text = json.dumps(facts, sort_keys=True).encode("ascii")
    if environ["PATH_INFO"].startswith("/answer"):
        status, headers = {
            "/answer/empty": ("200 OK", []),
            "/answer/204": ("204 No Content", []),
            "/answer/304": ("304 Not Modified", [("ETag", '"a"')]),
            "/answer/404": ("404 Not Found", [("Content-Type", "text/plain")]),
            "/answer/cookies": ("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]),
            "/answer/redirect": ("302 Found", [("Location", "/elsewhere")]),
            "/answer/reason": ("200 Quite So", []),
            "/answer/unknown": ("299 ", []),
        }[environ["PATH_INFO"]]
        start_response(status, headers)
        return [] if status[:3] in ("204", "304") or environ["PATH_INFO"] == "/answer/empty" else [b"body"]
    if environ["PATH_INFO"] == "/stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([b"one ", b"two"])
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
    return [text]
