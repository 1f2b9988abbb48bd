"""The head of a reply: the rules of PEP 3333 for status and headers, and its encoding for the gateway."""
import marshal
import re

from .report import note

UNKNOWN = -1                    # no Content-Length
BODYLESS = -2                   # 204 and 304 have no body, whatever the application yields (RFC 9110, 15.3.5 and 15.4.5)

# RFC 9110, 5.6.2 token
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch
# RFC 9110, 5.5: visible characters, spaces and tabs, and what PEP 3333 allows beyond ASCII: bytes as latin-1
_VALUE = re.compile('[\t\x20-\x7e\x80-\xff]*').fullmatch
_STATUS = re.compile('[2-9][0-9][0-9](?: [\t\x20-\x7e\x80-\xff]*)?').fullmatch
_DIGITS = re.compile('[0-9]{1,18}', re.ASCII).fullmatch
# RFC 9110, 7.6.1; PEP 3333 forbids them to applications: connections are the server's
_HOP_BY_HOP = frozenset(('proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'trailers',
                         'transfer-encoding', 'upgrade'))
# Views of event streams often set these, and no harm is done without them
_IGNORED = frozenset(('connection', 'keep-alive'))
_HINTS = '103 Early Hints'
_exact = str.__str__            # marshal takes no subclasses, and str(x) may return one

_known = {}                     # (status, *headers) -> (encoded head, length of the body): an application repeats itself
_plain = set()                  # names of headers without a rule of their own, found good
_KNOWN_MOST = 512
_KNOWN_LONGEST = 1024
_told = set()                   # names of ignored headers that the log has been told of
# The gateway takes one header (a Content-Length) and 128 KiB (values for the access log) more
_HEADERS_MOST = 4095
_LONGEST = 1 << 18              # bytes of an encoded head


def encode(status, headers):
    """Returns the head as the gateway takes it and the declared length of the body (or UNKNOWN, BODYLESS).

    A head that was seen before costs one look-up, no check. Raises RuntimeError for what HTTP or PEP 3333 does not allow.
    """
    if type(headers) is list:
        try:
            found = _known.get((status, *headers))
        except TypeError:
            found = None        # not hashable: certainly not valid
        if found is not None:
            return found
    line, checked, length = _check(status, headers)
    found = _bounded(marshal.dumps((line, checked), 2)), length
    if len(found[0]) <= _KNOWN_LONGEST:
        if len(_known) >= _KNOWN_MOST:
            _known.clear()
        _known[(status, *headers)] = found
    return found


def interim(headers):
    """The head of a 103 (Early Hints, RFC 8297). Raises RuntimeError as encode does."""
    _, checked, _ = _check('200 OK', headers)
    return _bounded(marshal.dumps((_HINTS, [header for header in checked if header[0].lower() != 'content-length']), 2))


def with_length(head, length):
    """The same head with Content-Length set to length."""
    status, headers, *variables = marshal.loads(head)
    headers = [header for header in headers if header[0].lower() != 'content-length']
    headers.append(('Content-Length', str(length)))
    return marshal.dumps((status, headers, *variables), 2)


def with_variables(head, variables):
    """The same head with values for the access log behind it."""
    return marshal.dumps((*marshal.loads(head), list(variables.items())), 2)


def variables(values):
    """Values for the access log alone."""
    return marshal.dumps(list(values.items()), 2)


def _tell_ignored(name):
    """Once a process and name: such a view would fill the log."""
    if name.lower() not in _told:
        _told.add(name.lower())
        note('the application sets the header %s, which is the server\'s (PEP 3333); it is left out' % name)


def _bounded(head):
    if len(head) > _LONGEST:
        raise RuntimeError('the headers have %d bytes; %d are the most' % (len(head), _LONGEST))
    return head


def _check(status, headers):
    if not isinstance(status, str):
        raise RuntimeError('the status must be a str, not %s' % type(status).__name__)
    if not _STATUS(status):
        raise RuntimeError('not a status of a final response, such as "200 OK": %r' % (status,))
    if not isinstance(headers, list):
        raise RuntimeError('the headers must be a list of (name, value) tuples, not %s' % type(headers).__name__)
    if len(headers) > _HEADERS_MOST:
        raise RuntimeError('there are %d headers; %d are the most' % (len(headers), _HEADERS_MOST))
    bodyless = status[:3] in ('204', '304')
    checked, length = [], UNKNOWN
    for header in headers:
        if type(header) is tuple and len(header) == 2:
            name, value = header
            # the commonest case first: a cookie or a date makes every head a new one
            if type(name) is type(value) is str and name in _plain and value.isascii() and value.isprintable():
                checked.append(header)
                continue
        if not isinstance(header, tuple) or len(header) != 2:
            raise RuntimeError('a header must be a tuple (name, value), not %r' % (header,))
        name, value = header
        for text in header:
            if not isinstance(text, str):
                raise RuntimeError('names and values of headers must be str, not %s: %r' % (type(text).__name__, header))
        if not _NAME(name):
            raise RuntimeError('not the name of a header: %r' % name)
        if not _VALUE(value):
            raise RuntimeError('the value of header %s has control characters or characters beyond latin-1: %r' % (name, value))
        lower = name.lower()
        if lower in _IGNORED:
            _tell_ignored(name)
            continue
        if lower in _HOP_BY_HOP:
            raise RuntimeError('header %s is the server\'s: an application may not set it (PEP 3333)' % name)
        if lower == 'content-length':
            if length != UNKNOWN:
                raise RuntimeError('there is more than one Content-Length header')
            if not _DIGITS(value.strip()):
                raise RuntimeError('not a Content-Length: %r' % value)
            length = int(value)
            if status[:3] == '204':
                continue        # RFC 9110, 8.6: none in a 204
            value = str(length)
        elif len(_plain) < _KNOWN_MOST:
            _plain.add(_exact(name))
        checked.append((_exact(name), _exact(value)))
    return _exact(status) + ' ' * (len(status) == 3), checked, BODYLESS if bodyless else length
