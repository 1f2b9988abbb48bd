#!/usr/bin/env python3
"""Mutated HTTP requests in random pieces: each gets well-formed answers or a clean end, within a time, and no 5xx but 501, 505 and a limit's 503.
With --uwsgi mutated packets of the uwsgi protocol (packets.py), of which each is one request on a connection of its own.

Against a server that runs (--port), or one of its own. A failure prints the bytes and the seed that repeats the run.
"""

import argparse
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

import mutation
import packets

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATIENCE = 10
PONG = b"d\0\0\x01"  # the answer to a ping of the uwsgi protocol
THREADS = 8
ALLOWED_5XX = (501, 503, 505)
SETTINGS = ("module = probe", "threads = 4", "http-headers-timeout = 2", "http-timeout = 2", "buffer-size = 8192", "limit-post = 200000", "disable-logging = true")

HEADS = [
    b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
    b"HEAD /static/a.txt HTTP/1.1\r\nHost: localhost:80\r\nAccept-Encoding: gzip, br;q=0.5\r\n\r\n",
    b"GET /static/a.txt?x=%20y HTTP/1.1\r\nHost: a\r\nRange: bytes=0-3,5-\r\nIf-Range: \"x\"\r\n\r\n",
    b"GET /static/a.txt HTTP/1.1\r\nHost: a\r\nIf-None-Match: W/\"1-2\", *\r\nIf-Modified-Since: Sat, 21 Nov 2026 00:00:00 GMT\r\n\r\n",
    b"GET http://a/hello HTTP/1.1\r\nHost: b\r\nConnection: keep-alive\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /hello HTTP/1.0\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nContent-Type: text/plain\r\n\r\nhello world",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    b"PUT /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5;a=b\r\nhello\r\n06\r\n world\r\n0\r\nX: y\r\n\r\n",
    b"POST /static/a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    b"GET /../%2e%2e/hello HTTP/1.1\r\nHost: [::1]:8000\r\nCookie: a=b; c=d\r\nX-Long: " + b"x" * 300 + b"\r\n\r\n",
    b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]

PIECES = [
    b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\0", b"\t", b" ", b":", b";", b",", b"%00", b"%2e", b"%", b"\x7f", b"\x80\xff", b"\"", b"..", b"//", b"*", b"#",
    b"0", b"-1", b"+1", b"ffffffff", b"7fffffffffffffff", b"99999999999999999999", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"http://", b"https://a",
    b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Host: b\r\n", b"Connection: close\r\n",
    b"Connection: upgrade\r\n", b"Upgrade: h2c\r\n", b"Expect: 100-continue\r\n", b"Expect: x\r\n", b"0\r\n\r\n", b"5\r\nhello\r\n", b" chunked", b"x" * 9000,
    b"Range: bytes=" + b"0-1," * 200 + b"\r\n", b"X: y\r\n" * 300,
]


def mutate(chance):
    """One to four requests one behind the other, a few of their bytes changed."""
    data = bytearray(b"".join(chance.choice(HEADS) for _ in range(chance.choice((1, 1, 1, 2, 4)))))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 8))):
        if chance.randrange(7):
            mutation.damage(data, chance, PIECES)
        else:
            lines = bytes(data).split(b"\r\n")
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
            data = bytearray(b"\r\n".join(lines))
    return bytes(data)


def exchange(port, data, chance):
    """Sends in pieces, ends the writing half, and returns what came with the way it ended."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            at = 0
            while at < len(data):
                size = chance.choice((len(data), len(data), 1, 3, 17, 200)) if len(data) < 4000 else len(data)
                client.sendall(data[at:at + size])
                at += size
            client.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the answer that ended the connection is there to be read
        except OSError:
            pass
        try:
            while True:
                block = client.recv(65536)
                if not block:
                    return received, "closed"
                received += block
        except socket.timeout:
            return received, "no end within %d s" % PATIENCE
        except ConnectionResetError:
            return received, "reset"


STATUS = re.compile(rb"HTTP/1\.1 ([1-5]\d\d) [^\r\n]*\r\n")
FIELD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[^\r\n\0]*\Z")


def fault(data, received, end):
    """What is wrong with the answers; None: nothing."""
    if end != "closed":
        return end
    rest = received if received != PONG else b""
    while rest:
        match = STATUS.match(rest)
        if not match:
            return "no status line at %r" % rest[:60]
        status = int(match.group(1))
        if status >= 500 and status not in ALLOWED_5XX:
            return "status %d" % status
        head, found, rest = rest[match.end() - 2:].partition(b"\r\n\r\n")
        if not found:
            return "a head without an end"
        fields = [line for line in head.split(b"\r\n") if line]
        if not all(FIELD.match(field) for field in fields):
            return "a bad field in %r" % head
        if b"HEAD" in data and rest.startswith(b"HTTP/1.1 "):
            continue
        values = {name.lower(): value.strip() for name, value in (field.split(b":", 1) for field in fields)}
        if b"HEAD" in data and not rest or status < 200 or status in (204, 304):
            continue
        if values.get(b"transfer-encoding") == b"chunked":
            rest, intact = after_chunks(rest)
            if not intact:
                return "chunks without an end"
        elif b"content-length" in values:
            length = int(values[b"content-length"])
            if len(rest) < length:
                return "%d bytes of %d" % (len(rest), length)
            rest = rest[length:]
        else:
            rest = b""
    return None


def after_chunks(rest):
    while True:
        line, found, rest = rest.partition(b"\r\n")
        if not found:
            return rest, False
        size = int(line.split(b";")[0], 16)
        if len(rest) < size + 2:
            return rest, False
        rest = rest[size + 2:]
        if size == 0:
            return rest, True


class Fuzz:
    def __init__(self, port, seed, seconds, mutate):
        self.port, self.seed, self.mutate = port, seed, mutate
        self.until = time.monotonic() + seconds
        self.counts = [0] * THREADS
        self.failures = []

    def run_thread(self, number):
        chance = random.Random("%d/%d" % (self.seed, number))
        while time.monotonic() < self.until and not self.failures:
            data = self.mutate(chance)
            try:
                received, end = exchange(self.port, data, chance)
            except OSError as error:
                self.failures.append("request %d of thread %d: %s" % (self.counts[number], number, error))
                return
            problem = fault(data, received, end)
            if problem:
                self.failures.append("request %d of thread %d: %s\n  sent %r\n  got  %r" % (self.counts[number], number, problem, data[:3000], received[:2000]))
            self.counts[number] += 1

    def run(self):
        threads = [threading.Thread(target=self.run_thread, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for failure in self.failures:
            print("fuzz: " + failure)
        print("fuzz: %d requests, %d wrong, seed %d" % (sum(self.counts), len(self.failures), self.seed))
        return not self.failures


def start_server(work, option):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.makedirs(os.path.join(work, "static"))
    with open(os.path.join(work, "static", "a.txt"), "w") as file:
        file.write("a static file")
    ini = os.path.join(work, "fuzz.ini")
    with open(ini, "w") as file:
        file.write("\n".join(("[uwsgi]", "%s = 127.0.0.1:%d" % (option, port), "chdir = " + os.path.join(ROOT, "tests", "apps"),
                              "static-map = /static=" + os.path.join(work, "static")) + SETTINGS) + "\n")
    binary = os.environ.get("ONESERVE_BINARY") or os.path.join(ROOT, "artifacts", "oneserve")
    with open(os.path.join(work, "oneserve.log"), "wb") as log:
        server = subprocess.Popen([binary, ini], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server, port
        except OSError:
            if server.poll() is not None or time.monotonic() > limit:
                sys.exit("fuzz: the server did not start")
            time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=600, help="how long (600)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="repeat a run (random)")
    parser.add_argument("--port", type=int, help="a server on 127.0.0.1 that runs already")
    parser.add_argument("--uwsgi", action="store_true", help="the uwsgi protocol")
    options = parser.parse_args()
    chosen = packets.mutate if options.uwsgi else mutate
    print("fuzz: seed %d" % options.seed, flush=True)
    if options.port:
        sys.exit(0 if Fuzz(options.port, options.seed, options.seconds, chosen).run() else 1)
    with tempfile.TemporaryDirectory(prefix="oneserve-fuzz-") as work:
        server, port = start_server(work, "socket" if options.uwsgi else "http")
        try:
            passed = Fuzz(port, options.seed, options.seconds, chosen).run()
        finally:
            server.terminate()
            code = server.wait(15)
        with open(os.path.join(work, "oneserve.log"), errors="replace") as log:
            text = log.read()
        if code != 0 or "died" in text or "ERROR" in text:
            passed = False
            print("fuzz: the server ended with %d; its log:\n%s" % (code, text[-5000:]))
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
