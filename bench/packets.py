"""Mutated packets of the uwsgi protocol, for fuzz.py."""

import struct

import mutation

COMMON = [
    (b"QUERY_STRING", b""), (b"SERVER_PROTOCOL", b"HTTP/1.1"), (b"REMOTE_ADDR", b"192.0.2.1"),
    (b"SERVER_NAME", b"a"), (b"SERVER_PORT", b"80"), (b"HTTP_HOST", b"a"),
]

REQUESTS = [
    ([(b"REQUEST_METHOD", b"GET"), (b"PATH_INFO", b"/hello"), (b"REQUEST_URI", b"/hello")], b""),
    ([(b"REQUEST_METHOD", b"HEAD"), (b"PATH_INFO", b"/static/a.txt"), (b"HTTP_ACCEPT_ENCODING", b"gzip, br;q=0.5")], b""),
    ([(b"REQUEST_METHOD", b"GET"), (b"PATH_INFO", b"/static/a.txt"), (b"HTTP_RANGE", b"bytes=0-3,5-"), (b"HTTP_IF_RANGE", b'"x"')], b""),
    ([(b"REQUEST_METHOD", b"GET"), (b"PATH_INFO", b"/../static/./a.txt"), (b"CONTENT_LENGTH", b"")], b""),
    ([(b"REQUEST_METHOD", b"POST"), (b"PATH_INFO", b"/echo"), (b"CONTENT_LENGTH", b"11"), (b"CONTENT_TYPE", b"text/plain")], b"hello world"),
    ([(b"REQUEST_METHOD", b"PUT"), (b"PATH_INFO", b"/echo"), (b"CONTENT_LENGTH", b"70000")], b"x" * 70000),
    ([(b"REQUEST_METHOD", b"OPTIONS"), (b"PATH_INFO", b"*"), (b"SCRIPT_NAME", b"/x"), (b"HTTPS", b"on"), (b"UWSGI_SCHEME", b"https")], b""),
    ([(b"REQUEST_METHOD", b"GET"), (b"REQUEST_URI", b"/hel%6Co?a=%zz"), (b"REMOTE_USER", b"a\r\nb"), (b"HTTP_PROXY", b"x"), (b"wsgi.input", b"x")], b""),
]

PIECES = [
    b"\0", b"\0\0", b"\xff\xff", b"\0\0\0\0", b"\x01\0A\x01\0b", b"\x0e\0REQUEST_METHOD\x03\0GET", b"\x0e\0CONTENT_LENGTH\x01\0" + b"5",
    b"\x0e\0CONTENT_LENGTH\x02\0-1",
    b"\x09\0PATH_INFO\x00\0", b"\x09\0PATH_INFO\x04\0/\0/a", b"\x0b\0SCRIPT_NAME\x02\0/x", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"x" * 9000,
]


def packet(variables, modifier=0):
    block = b"".join(struct.pack("<H", len(name)) + name + struct.pack("<H", len(value)) + value for name, value in variables)
    return struct.pack("<BHB", modifier, len(block), 0) + block


def mutate(chance):
    """A packet with its body, a few of its bytes changed; in half of the cases the head's size is set right again."""
    variables, body = chance.choice(REQUESTS)
    variables = variables + COMMON
    chance.shuffle(variables)
    head = bytearray(packet(variables, chance.choice((0, 0, 0, 0, 0, 30, 100, 5))))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 8))):
        mutation.damage(head, chance, PIECES)
    if chance.random() < 0.5 and 4 <= len(head) <= 0xffff + 4:
        head[1:3] = struct.pack("<H", len(head) - 4)
    data = bytes(head) + body
    return data[:chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data
