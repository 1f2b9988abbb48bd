"""The answer when an exception has left the application: with its Python stack (`catch-exceptions`, docs/development.md), or a page of the user's."""
import html
import sys

from . import head as heads
from . import report

_STATUS = '500 Internal Server Error'
_COMMON = [('Cache-Control', 'no-store'), ('X-Content-Type-Options', 'nosniff')]
_PAGE = '''<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ margin: 2em; font-family: sans-serif; color: #222; background: #fff }}
h1 {{ font-size: 1.3em; color: #a00; overflow-wrap: anywhere }}
pre {{ padding: 1em; overflow: auto; background: #f4f4f4; border-left: 4px solid #a00 }}
small {{ color: #666 }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{request}</p>
<pre>{stack}</pre>
<small>Python {version}. This page is here because <code>catch-exceptions</code> is on; it is for development alone.</small>
</body>
</html>
'''

chosen = None                   # called with the environ and the exception; None: such a request has the plain answer


def choose(config):
    """In the prototype process: the page is read once for all the workers that it forks."""
    global chosen
    if config.get('catch-exceptions'):
        chosen = _compose
    elif 'error-page-500' in config:
        chosen = _of_file(config['error-page-500'])


def _compose(environ, error):
    """Returns (head, body): HTML for those who accept it, else text."""
    stack = report.traceback_text(error)
    if 'text/html' in environ.get('HTTP_ACCEPT', ''):
        kind = 'text/html'
        body = _PAGE.format(
            title=html.escape(stack.rstrip().rpartition('\n')[2][:300]), request=html.escape(_request(environ)),
            stack=html.escape(stack), version=html.escape(sys.version.split()[0]))
        fields = _COMMON + [('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")]
    else:
        kind, body, fields = 'text/plain', stack, _COMMON
    head = heads.encode(_STATUS, [('Content-Type', kind + '; charset=utf-8')] + fields)[0]
    return head, body.encode('utf-8', 'backslashreplace')


def _of_file(path):
    """The same of a file, which is read now; None when it cannot be."""
    try:
        with open(path, 'rb') as file:
            body = file.read()
    except OSError as error:
        report.note('error-page-500 = %s: %s: such errors have no page' % (path, error.strerror))
        return None
    head = heads.encode(_STATUS, [('Content-Type', 'text/html; charset=utf-8')])[0]
    return lambda environ, error: (head, body)


def _request(environ):
    path = environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', '')
    return '%s %s' % (environ.get('REQUEST_METHOD', ''), path.encode('latin-1', 'replace').decode('utf-8', 'replace'))
