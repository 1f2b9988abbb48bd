#!/usr/bin/env python3
"""OneServe side by side with nginx, uWSGI, gunicorn and uvicorn; writes RESULTS.md. Needs wrk; servers that are missing are left out and named."""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import OrderedDict

import processes
import report
import servers
import slow
import wrk

START_LIMIT = 30
ECHO_BYTES = 10240
MANY = 10000
SIZES = (("13", 13), ("10k", 10240), ("100k", 102400), ("1m", 1048576), ("100m", 104857600))


class Case:
    """`load` says how requests are made: plainly, `not modified` with the file's own tag, `any` of many files, `beside slow` clients."""

    def __init__(self, name, kind, target, title, expected, load="plain", connections=64):
        self.name, self.kind, self.target, self.title, self.expected = name, kind, target, title, expected
        self.load, self.connections = load, connections


CASES = [
    Case("static-13", "static", "/static/13", "Static file, 13 B", 13),
    Case("static-10k", "static", "/static/10k", "Static file, 10 KB", 10240),
    Case("static-100k", "static", "/static/100k", "Static file, 100 KB", 102400),
    Case("static-1m", "static", "/static/1m", "Static file, 1 MB", 1048576),
    Case("static-100m", "static", "/static/100m", "Static file, 100 MB, 4 connections", 104857600, connections=4),
    Case("static-304", "static", "/static/10k", "Static file that the client has: 304", 10240, load="not modified"),
    Case("static-many", "static", "/static/many/0", "%s static files of 10 KB at random" % "{:,}".format(MANY), 10240, load="any"),
    Case("static-slow", "static", "/static/10k", "Static file, 10 KB, beside %d clients that read 10 KB/s each of 100 MB" % slow.CLIENTS, 10240, load="beside slow"),
    Case("hello", "wsgi", "/hello", "Hello world", 13),
    Case("10k", "wsgi", "/10k", "Response of 10 KB", 10240),
    Case("echo", "wsgi", "/echo", "POST of 10 KB, echoed", ECHO_BYTES),
    Case("django", "django", "/", "Django page: session and SQLite, a template", None),
]


class Run:
    """What one server did in one round."""

    def __init__(self, many, many_cpu, one, one_cpu, memory):
        self.many, self.many_cpu, self.one, self.one_cpu, self.memory = many, many_cpu, one, one_cpu, memory


class Bench:
    def __init__(self, work, seconds, warm_up):
        self.work, self.seconds, self.warm_up = work, seconds, warm_up
        self.cookie = None

    def prepare(self, cases):
        os.makedirs(os.path.join(self.work, "static"))
        for name, size in SIZES:
            self.write_static(name, size)
        if any(case.load == "any" for case in cases):
            os.makedirs(os.path.join(self.work, "static", "many"))
            for i in range(MANY):
                self.write_static("many/%d" % i, 10240)
        self.random = os.path.join(self.work, "random.lua")
        with open(self.random, "w") as file:
            file.write('request = function() return wrk.format("GET", "/static/many/" .. math.random(0, %d)) end\n' % (MANY - 1))
        self.script = os.path.join(self.work, "post.lua")
        with open(self.script, "w") as file:
            file.write('wrk.method = "POST"\nwrk.body = string.rep("x", %d)\n' % ECHO_BYTES)
        if any(case.kind == "django" for case in cases):
            self.prepare_django()

    def write_static(self, name, size):
        with open(os.path.join(self.work, "static", name), "wb") as file:
            file.write(b"x" * size)

    def prepare_django(self):
        """A database with notes and one session, which every request of the load belongs to."""
        environment = dict(os.environ, DJANGOSITE_DATABASE=os.path.join(self.work, "db.sqlite3"), DJANGO_SETTINGS_MODULE="myproj.settings")
        subprocess.check_call([servers.PYTHON, "-B", "manage.py", "migrate", "--verbosity", "0"], cwd=servers.DJANGO, env=environment)
        code = ("import django; django.setup(); from django.contrib.sessions.backends.db import SessionStore; "
                "s = SessionStore(); s['visits'] = 7; s.create(); print(s.session_key)")
        key = subprocess.check_output([servers.PYTHON, "-B", "-c", code], cwd=servers.DJANGO, env=environment, universal_newlines=True).strip()
        self.cookie = "Cookie: sessionid=" + key

    def measure(self, server, case):
        port = free_port()
        url = "http://127.0.0.1:%d%s" % (port, case.target)
        headers = [self.cookie] if case.kind == "django" else []
        script = {"echo": self.script, "static-many": self.random}.get(case.name)
        server.start(case, port)
        crowd = None
        try:
            tag = self.wait_right(server, case, url)
            if case.load == "not modified":
                headers = ["If-None-Match: " + tag]
            if case.load == "beside slow":
                crowd = slow.Crowd(port, "/static/100m")
            wrk.run(url, case.connections, self.warm_up, headers, script)
            many, many_cpu = self.timed(server, url, case.connections, headers, script)
            one, one_cpu = self.timed(server, url, 1, headers, script)
            return Run(many, many_cpu, one, one_cpu, processes.memory_kilobytes(server.pids()))
        finally:
            if crowd is not None:
                crowd.leave()
            server.stop()

    def timed(self, server, url, connections, headers, script):
        before = processes.cpu_seconds(server.pids())
        result = wrk.run(url, connections, self.seconds, headers, script)
        used = processes.cpu_seconds(server.pids()) - before
        return result, used * 1e6 / max(1, result.requests)

    def wait_right(self, server, case, url):
        """Waits for the first answer and looks at it: a fast wrong answer is no result. Returns its entity tag."""
        request = urllib.request.Request(url, data=b"x" * ECHO_BYTES if case.name == "echo" else None)
        if case.kind == "django":
            request.add_header(*self.cookie.split(": ", 1))
        limit = time.monotonic() + START_LIMIT
        while True:
            if server.process.poll() is not None:
                raise RuntimeError("%s has ended with %s; its log: %s" % (server.name, server.process.returncode, server.log.name))
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    body, tag = answer.read(), answer.headers.get("ETag")
                break
            except (urllib.error.URLError, ConnectionError, socket.timeout):
                if time.monotonic() > limit:
                    raise RuntimeError("%s does not answer; its log: %s" % (server.name, server.log.name))
                time.sleep(0.05)
        right = b"visits: 7" in body if case.expected is None else len(body) == case.expected
        if not right:
            raise RuntimeError("%s answers %s wrongly: %r…" % (server.name, case.target, body[:200]))
        return tag


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds of one second: to see that it works, not to be quoted")
    parser.add_argument("--only", action="append", metavar="CASE", choices=[case.name for case in CASES], help="this case alone (may be repeated)")
    parser.add_argument("--server", action="append", metavar="NAME", help="this server alone (may be repeated)")
    parser.add_argument("--seconds", type=int, help="length of each measurement (5)")
    parser.add_argument("--rounds", type=int, help="rounds (5)")
    parser.add_argument("--output", help="where the table goes (bench/RESULTS.md; artifacts/bench-quick.md for --quick)")
    return parser.parse_args()


def main():
    options = arguments()
    if shutil.which("wrk") is None:
        sys.exit("bench: wrk is needed (apt-get install wrk)")
    rounds = options.rounds or (2 if options.quick else 5)
    seconds = options.seconds or (1 if options.quick else 5)
    cases = [case for case in CASES if not options.only or case.name in options.only]
    work = tempfile.mkdtemp(prefix="oneserve-bench-")
    os.chmod(work, 0o755)
    try:
        candidates = [kind(work) for kind in servers.ALL]
        if options.server:
            candidates = [server for server in candidates if server.name.lower() in [name.lower() for name in options.server]]
        taking_part = [server for server in candidates if server.available()]
        for server in candidates:
            if server not in taking_part:
                print("left out, not installed: " + server.name)
        bench = Bench(work, seconds, 1)
        bench.prepare(cases)
        results = OrderedDict((case.name, OrderedDict()) for case in cases)
        for case in cases:
            for number in range(rounds):
                for server in taking_part:
                    if case.kind in server.kinds:
                        run = bench.measure(server, case)
                        results[case.name].setdefault(server.name, []).append(run)
                        print("%-10s round %d  %-9s %9.0f/s  %6.1f µs CPU   one: %8.0f/s  %s" % (
                            case.name, number + 1, server.name, run.many.rate, run.many_cpu, run.one.rate, run.many.errors), flush=True)
        partial = " (quick: not to be quoted)" if options.quick else ""
        target = options.output or os.path.join(*((servers.ROOT, "artifacts", "bench-quick.md") if options.quick else (servers.HERE, "RESULTS.md")))
        os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
        report.write(target, cases, results, taking_part, rounds, seconds, partial)
        print("written: " + target)
    except BaseException:
        print("bench: logs are in " + work, file=sys.stderr)
        work = None
        raise
    finally:
        if work:
            shutil.rmtree(work)


if __name__ == "__main__":
    main()
