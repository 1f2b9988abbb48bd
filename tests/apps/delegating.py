"""A WSGI application that hands files to the server: the query says which fields its answer has, `status` which status, `body` which body."""

from urllib.parse import parse_qsl


def application(environ, start_response):
    fields = dict(parse_qsl(environ.get("QUERY_STRING", ""), encoding="latin-1"))
    status = fields.pop("status", "200 OK")
    body = fields.pop("body", "the application's own").encode()
    if "stream" in fields:
        del fields["stream"]
        start_response(status, list(fields.items()))
        return iter([body[:3], body[3:]])
    start_response(status, list(fields.items()) + [("Content-Length", str(len(body)))])
    return [body]
