"""Applications under wsgiref.validate."""
import wsgiref.validate

import apps
from apps import TEXT, Closing


def route(environ, start_response):
    name = environ['PATH_INFO'].strip('/')
    return globals().get(name, getattr(apps, name, None))(environ, start_response)


def exact(environ, start_response):
    start_response('200 OK', TEXT + [('Content-Length', '5')])
    return Closing([b'exact'])


def lazy_start(environ, start_response):
    start_response('200 OK', TEXT)
    yield b'late'


def not_modified(environ, start_response):
    start_response('304 Not Modified', [])
    return [b'']


def echo(environ, start_response):
    body = environ['wsgi.input']
    data = body.read(3) + body.readline() + b''.join(body)
    start_response('200 OK', TEXT)
    return [data]


def file(environ, start_response):
    environ['QUERY_STRING'] = 'reader,0'
    return apps.file(environ, start_response)


application = wsgiref.validate.validator(route)
