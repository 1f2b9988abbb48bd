"""/hello, /10k and /echo as ASGI: what hello_wsgi.py answers, for a server whose home is ASGI."""

TEN_KILOBYTES = b"x" * 10240


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    path = scope["path"]
    status = 200
    if path == "/hello":
        body = b"Hello, world!"
    elif path == "/10k":
        body = TEN_KILOBYTES
    elif path == "/echo":
        pieces = []
        while True:
            message = await receive()
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                break
        body = b"".join(pieces)
    else:
        status, body = 404, b""
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
