"""Clients that account for every request: what was asked, when, and what became of it."""

import random
import socket
import threading
import time

from apps.chaos_wsgi import LARGE

PATIENCE = 20                   # seconds until a request counts as hung
HUNG, CUT, WRONG = "hung", "cut", "wrong body"


class Outcome:
    """A request that did not end with 200 and the right body."""

    def __init__(self, target, what, opened, ended):
        self.target, self.what, self.opened, self.ended = target, what, opened, ended

    def __str__(self):
        return "%s: %s" % (self.target, self.what)


class Accounts:
    """What all clients of a run have seen. Appending to a list is atomic."""

    def __init__(self):
        self.failures = []
        self.slowest = 0.0
        self._answered = {}

    @property
    def answered(self):
        return sum(self._answered.values())

    def count(self, client, seconds):
        self._answered[client] = self._answered.get(client, 0) + 1
        self.slowest = max(self.slowest, seconds)


class Client(threading.Thread):
    """Asks again and again, on connections that it keeps for some requests; every target carries an id."""

    def __init__(self, number, port, seed, accounts, stop):
        super().__init__(daemon=True)
        self.number, self.port, self.chance, self.accounts, self.stop = number, port, random.Random(seed), accounts, stop
        self.asked = 0

    def run(self):
        while not self.stop.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    opened = time.monotonic()
                    for _ in range(self.chance.choice((1, 1, 10, 100))):
                        if self.stop.is_set() or not self.ask(connection, opened):
                            break
            except OSError as error:
                self.accounts.failures.append(Outcome("a connection", str(error), time.monotonic(), time.monotonic()))

    def ask(self, connection, opened):
        """One request; False when the connection is at its end."""
        self.asked += 1
        path = self.chance.choice(("/hello", "/hello", "/hello", "/echo", "/sleep", "/large", "/static/file"))
        target = "%s?id=%d-%d" % (path, self.number, self.asked)
        body = self.chance.choice((b"x", b"y" * 3000, b"z" * 200000)) if path == "/echo" else None
        expected = {"/echo": body, "/sleep": b"slept", "/large": LARGE, "/static/file": b"a file\n"}.get(path, b"hello")
        began = time.monotonic()
        try:
            head = "%s %s HTTP/1.1\r\nHost: localhost\r\n" % ("GET" if body is None else "POST", target)
            if body is not None:
                head += "Content-Length: %d\r\n" % len(body)
            connection.sendall(head.encode() + b"\r\n" + (body or b""))
            status, got, goes_on = receive(connection)
            what = None if status == 200 and got == expected else WRONG if status == 200 else status
        except socket.timeout:
            what, goes_on = HUNG, False
        except (OSError, EOFError):
            what, goes_on = CUT, False
        ended = time.monotonic()
        if what is None:
            self.accounts.count(self.number, ended - began)
        else:
            self.accounts.failures.append(Outcome(target, what, opened, ended))
        return goes_on


def receive(connection):
    """(status, body, whether the connection goes on); EOFError when it ends before."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    parts = [body]
    left = length - len(body)
    while left > 0:
        parts.append(more(connection))
        left -= len(parts[-1])
    return int(lines[0].split()[1]), b"".join(parts), b"connection: close" not in lines


def more(connection):
    data = connection.recv(1 << 18)
    if not data:
        raise EOFError
    return data


class SlowClient(threading.Thread):
    """Sends a body by drops, or reads an answer by drops, and leaves in the middle."""

    def __init__(self, port, seed, stop):
        super().__init__(daemon=True)
        self.port, self.chance, self.stop = port, random.Random(seed), stop

    def run(self):
        while not self.stop.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
                    if self.chance.random() < 0.5:
                        connection.sendall(b"POST /echo?slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")
                        step = lambda: connection.send(b"s" * 500)
                    else:
                        connection.sendall(b"GET /large?slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        step = lambda: connection.recv(5000)
                    for _ in range(self.chance.randrange(1, 60)):
                        if self.stop.is_set():
                            return
                        step()
                        time.sleep(0.02)
            except OSError:
                pass                            # its gateway was killed
