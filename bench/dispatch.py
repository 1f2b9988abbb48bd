#!/usr/bin/env python3
"""How requests are dispatched, side by side: threads, sleeping views, fairness, a busy machine; writes DISPATCH.md."""

import argparse
import contextlib
import datetime
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading

import bench
import processes
import report
import servers
import wrk


class Shape:
    """Processes and threads, for every server alike."""

    def __init__(self, worker_processes, threads):
        self.processes, self.threads = worker_processes, threads

    def __str__(self):
        return "%d × %d" % (self.processes, self.threads)


class Dispatch:
    def __init__(self, work, seconds, rounds, candidates):
        self.seconds, self.rounds, self.candidates = seconds, rounds, candidates
        self.bench = bench.Bench(work, seconds)

    @contextlib.contextmanager
    def running(self, server, shape):
        """Yields the base address of a started server of this shape."""
        server.processes, server.threads = shape.processes, shape.threads
        port = bench.free_port()
        case = bench.Case("hello", "wsgi", "/hello", "", 13)
        server.start(case, port)
        try:
            base = "http://127.0.0.1:%d" % port
            self.bench.wait_right(server, case, base + case.target)
            wrk.run(base + case.target, 16, 1)
            yield base
        finally:
            server.stop()

    def medians(self, shape, measure, names=None):
        """The medians of what `measure(server, base)` returns (a tuple of numbers), by server, over alternated rounds."""
        results = {}
        for _ in range(self.rounds):
            for server in self.candidates:
                if names is None or server.name in names:
                    with self.running(server, shape) as base:
                        results.setdefault(server.name, []).append(measure(server, base))
        return {name: [statistics.median(column) for column in zip(*rows)] for name, rows in results.items()}

    # ---- the cases ----

    def busy_machine(self):
        """c1, c8 and c64 while another process keeps one CPU busy."""
        def measure(server, base):
            hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            try:
                runs = [wrk.run(base + "/hello", connections, self.seconds) for connections in (1, 8, 64)]
            finally:
                hog.kill()
                hog.wait()
            return [number for run in runs for number in (run.rate, run.p99)]

        rows = self.medians(Shape(2, 1), measure, ("OneServe", "uvicorn", "uWSGI"))
        lines = ["| server | c1: requests/s | p99 | c8: requests/s | p99 | c64: requests/s | p99 |", "|---|--:|--:|--:|--:|--:|--:|"]
        for name, (c1, l1, c8, l8, c64, l64) in rows.items():
            lines.append("| %s | %s | %s | %s | %s | %s | %s |" % (
                name, report.thousands(c1), report.duration(l1), report.thousands(c8), report.duration(l8), report.thousands(c64), report.duration(l64)))
        return "Hello world while another process keeps one CPU busy (2 × 1)", lines

    def shapes(self):
        """One worker with one thread, with four threads, and two workers."""
        lines = ["| server | processes × threads | 64 connections: requests/s | CPU µs/request |", "|---|---|--:|--:|"]
        for shape in (Shape(1, 1), Shape(1, 4), Shape(2, 1), Shape(2, 4)):
            def measure(server, base):
                run, cpu = bench.timed(server, base + "/hello", 64, self.seconds)
                return run.rate, cpu

            for name, (rate, cpu) in self.medians(shape, measure, ("OneServe", "uWSGI", "gunicorn")).items():
                lines.append("| %s | %s | %s | %.1f |" % (name, shape, report.thousands(rate), cpu))
        return "Hello world by processes and threads", lines

    def sleeping(self):
        """100 connections on a view that sleeps 10 ms, 8 threads: 800/s is all there is."""
        rows = self.medians(Shape(1, 8), lambda server, base: (wrk.run(base + "/sleep", 100, self.seconds).rate,), ("OneServe", "uWSGI", "gunicorn"))
        return "A view that sleeps 10 ms, 8 threads, 100 connections (the bound is 800/s)", [
            "| server | requests/s | of the bound |", "|---|--:|--:|"] + [
            "| %s | %s | %.1f %% |" % (name, report.thousands(rate), rate / 8) for name, (rate,) in rows.items()]

    def fairness(self):
        """Two clients loop on a view that blocks 50 ms, eight on a fast one."""
        def measure(server, base):
            slow = threading.Thread(target=wrk.run, args=(base + "/block", 2, self.seconds + 1))
            slow.start()
            fast = wrk.run(base + "/hello", 8, self.seconds)
            slow.join()
            return fast.rate, fast.p50, fast.p99

        rows = self.medians(Shape(4, 1), measure, ("OneServe", "uWSGI", "gunicorn"))
        return "Fairness: 2 connections on a view that blocks 50 ms, 8 on a fast one (4 × 1)", [
            "| server | fast view: requests/s | p50 | p99 |", "|---|--:|--:|--:|"] + [
            "| %s | %s | %s | %s |" % (name, report.thousands(rate), report.duration(p50), report.duration(p99)) for name, (rate, p50, p99) in rows.items()]

    def by_role(self):
        """CPU of the gateway and of the workers apart."""
        def measure(server, base):
            pids = server.pids()
            gateway = [pid for pid in pids if processes.title(pid).endswith(": gateway")]
            workers = [pid for pid in pids if ": worker" in processes.title(pid)]
            row = []
            for target, script in (("/hello", None), ("/10k", None), ("/echo", self.bench.script)):
                before = processes.cpu_seconds(gateway), processes.cpu_seconds(workers)
                run = wrk.run(base + target, 64, self.seconds, (), script)
                row += [1e6 * (processes.cpu_seconds(pids) - used) / run.requests for pids, used in zip((gateway, workers), before)]
            return row

        rows = self.medians(Shape(2, 1), measure, ("OneServe",))
        lines = ["| | gateway: µs/request | workers: µs/request |", "|---|--:|--:|"]
        for row in rows.values():
            for index, title in enumerate(("hello", "10 KB", "echo of 10 KB")):
                lines.append("| %s | %.1f | %.1f |" % (title, row[2 * index], row[2 * index + 1]))
        return "OneServe's CPU by role, 64 connections (2 × 1)", lines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of one second: to see that it works, not to be quoted")
    parser.add_argument("--only", action="append", metavar="CASE", help="busy_machine, shapes, sleeping, fairness, by_role")
    parser.add_argument("--output", default=None, help="where the table goes (bench/DISPATCH.md; artifacts/dispatch-quick.md for --quick)")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("bench: wrk is needed (apt-get install wrk)")
    seconds, rounds = (1, 1) if options.quick else (options.seconds, options.rounds)
    with tempfile.TemporaryDirectory(prefix="oneserve-bench-") as work:
        os.chmod(work, 0o755)
        candidates = [server for server in (kind(work) for kind in servers.ALL) if "wsgi" in server.kinds and server.available()]
        dispatch = Dispatch(work, seconds, rounds, candidates)
        dispatch.bench.prepare([])
        lines = ["# Dispatch", "", "Written by `make bench` on %s." % datetime.date.today().isoformat(), "",
                 "- Machine: %s. Load generator and server share it." % report.machine(),
                 "- " + ", ".join("%s %s" % pair for pair in servers.versions_of_tools()) + ".",
                 "- Medians of %d alternated rounds of %d s each." % (rounds, seconds), ""]
        for case in (dispatch.by_role, dispatch.shapes, dispatch.sleeping, dispatch.fairness, dispatch.busy_machine):
            if not options.only or case.__name__ in options.only:
                title, table = case()
                print("\n".join([title] + table), flush=True)
                lines += ["### " + title, ""] + table + [""]
    target = options.output or os.path.join(*((servers.ROOT, "artifacts", "dispatch-quick.md") if options.quick else (servers.HERE, "DISPATCH.md")))
    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    with open(target, "w") as file:
        file.write("\n".join(lines).rstrip() + "\n")
    print("written: " + target)


if __name__ == "__main__":
    main()
