"""Applications for the tests, by path: /name calls the function `name`."""
import gzip
import io
import os
import sys
import tempfile
import threading

TEXT = [('Content-Type', 'text/plain')]
closed = []


def application(environ, start_response):
    name = environ['PATH_INFO'].strip('/').partition('/')[0]
    return globals()[name](environ, start_response)


class Closing:
    """An iterable that counts its close()."""

    def __init__(self, blocks, hook=None):
        self.blocks, self.hook = blocks, hook

    def __iter__(self):
        return iter(self.blocks)

    def close(self):
        closed.append(id(self))
        if self.hook:
            self.hook()


def hello(environ, start_response):
    start_response('200 OK', TEXT + [('Content-Length', '13')])
    return [b'Hello, World!']


def closes(environ, start_response):
    """How often close() has been called so far."""
    start_response('200 OK', TEXT)
    return [b'%d' % len(closed)]


def pid(environ, start_response):
    start_response('200 OK', TEXT)
    return [b'%d' % os.getpid()]
