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
WARM_UP = 1
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


class Load:
    """Requests of one case to one server."""

    def __init__(self, bench, server, case):
        self.bench, self.server, self.case = bench, server, case
        self.port = free_port()
        self.url = "http://127.0.0.1:%d%s" % (self.port, case.target)
        self.headers = [bench.cookie] if case.kind == "django" else []
        self.script = {"echo": bench.script, "static-many": bench.random}.get(case.name)

    def begin(self):
        self.server.start(self.case, self.port)
        tag = self.bench.wait_right(self.server, self.case, self.url)
        if self.case.load == "not modified":
            self.headers = ["If-None-Match: " + tag]
        self.warm_up()

    def run(self):
        crowd = slow.Crowd(self.port, "/static/100m") if self.case.load == "beside slow" else None
        try:
            if crowd is not None:
                self.warm_up()
            many, many_cpu = self.timed(self.case.connections)
            one, one_cpu = self.timed(1)
            return Run(many, many_cpu, one, one_cpu, processes.memory_kilobytes(self.server.pids()))
        finally:
            if crowd is not None:
                crowd.leave()

    def warm_up(self):
        wrk.run(self.url, self.case.connections, WARM_UP, self.headers, self.script)

    def timed(self, connections):
        return timed(self.server, self.url, connections, self.bench.seconds, self.headers, self.script)


class Bench:
    def __init__(self, work, seconds):
        self.work, self.seconds = work, seconds
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

    def measure(self, taking_part, case, rounds):
        """Runs by server. All are started and warmed up; then they take turns, so that what the machine does meanwhile happens to all of them."""
        started = [Load(self, server, case) for server in taking_part]
        runs = OrderedDict((server.name, []) for server in taking_part)
        try:
            for load in started:
                load.begin()
            for number in range(rounds):
                for load in reversed(started) if number % 2 else started:
                    run = load.run()
                    runs[load.server.name].append(run)
                    print("%-10s round %d  %-9s %9.0f/s  %6.1f µs CPU   one: %8.0f/s  %s" % (
                        case.name, number + 1, load.server.name, run.many.rate, run.many_cpu, run.one.rate, run.many.errors), flush=True)
        finally:
            for load in started:
                load.server.stop()
        return runs

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


def timed(server, url, connections, seconds, headers=(), script=None):
    """What wrk reports, and the CPU time of all of the server's processes, µs a request."""
    before = processes.cpu_seconds(server.pids())
    result = wrk.run(url, connections, seconds, headers, script)
    used = processes.cpu_seconds(server.pids()) - before
    return result, used * 1e6 / max(1, result.requests)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds of one second: to see that it works, not to be quoted")
    parser.add_argument("--only", action="append", metavar="CASE", choices=[case.name for case in CASES], help="this case alone (may be repeated)")
    parser.add_argument("--server", action="append", metavar="NAME", help="this server alone (may be repeated)")
    parser.add_argument("--seconds", type=int, help="length of each measurement (2)")
    parser.add_argument("--rounds", type=int, help="rounds (9)")
    parser.add_argument("--output", help="where the table goes (bench/RESULTS.md; artifacts/bench-quick.md for --quick)")
    return parser.parse_args()


def main():
    options = arguments()
    if shutil.which("wrk") is None:
        sys.exit("bench: wrk is needed (apt-get install wrk)")
    rounds = options.rounds or (2 if options.quick else 9)
    seconds = options.seconds or (1 if options.quick else 2)
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
        bench = Bench(work, seconds)
        bench.prepare(cases)
        results = OrderedDict()
        for case in cases:
            results[case.name] = bench.measure([server for server in taking_part if case.kind in server.kinds], case, rounds)
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
