#!/usr/bin/env python3
"""What clients notice of reloads: failed requests at full load, with keep-alive and without, and the 99th percentile at half load beside that without.

Prints a table. Five reloads in each run.
"""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import bench
import servers
import wrk

CONNECTIONS, RELOADS = 64, 5
PAUSE = 'function delay() return %d end\n'
SITES = {"hello": ("module = hello_wsgi", "/hello"), "django": ("module = myproj.wsgi", "/")}


class Site:
    def __init__(self, work, name):
        self.port, self.work = bench.free_port(), work
        module, path = SITES[name]
        self.url = "http://127.0.0.1:%d%s" % (self.port, path)
        ini = os.path.join(work, name + ".ini")
        with open(ini, "w") as file:
            file.write("[uwsgi]\nhttp = 127.0.0.1:%d\n%s\npythonpath = %s\npythonpath = %s\nprocesses = 2\ndisable-logging = true\n" % (
                self.port, module, servers.APPS, servers.DJANGO))
        binary = os.environ.get("ONESERVE_BINARY") or os.path.join(servers.ROOT, "artifacts", "oneserve")
        self.log = os.path.join(work, name + ".log")
        environment = dict(os.environ, DJANGO_SETTINGS_MODULE="myproj.settings", DJANGOSITE_DATABASE=os.path.join(work, "db.sqlite3"),
                           PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        if name == "django":
            subprocess.check_call([servers.PYTHON, "-B", "manage.py", "migrate", "--verbosity", "0"], cwd=servers.DJANGO, env=environment)
        with open(self.log, "wb") as log:
            self.server = subprocess.Popen([binary, ini], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        self.wait("is ready", 1)

    def wait(self, words, times):
        until = time.monotonic() + 30
        while True:
            with open(self.log, errors="replace") as file:
                if file.read().count(words) >= times:
                    return
            if time.monotonic() > until or self.server.poll() is not None:
                raise SystemExit("reload: `%s` did not come; the log: %s" % (words, self.log))
            time.sleep(0.01)

    def run(self, seconds, reloads=0, **arguments):
        """One run of wrk; the reloads are spread over it."""
        def reload():
            with open(self.log, errors="replace") as file:
                done = file.read().count("has taken over")
            for number in range(reloads):
                time.sleep(seconds / (reloads + 1.0))
                self.server.send_signal(signal.SIGHUP)
                self.wait("has taken over", done + number + 1)

        thread = threading.Thread(target=reload)
        thread.start()
        report = wrk.run(self.url, CONNECTIONS, seconds, **arguments)
        thread.join()
        return report

    def stop(self):
        self.server.terminate()
        self.server.wait(15)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10, help="of each run (10)")
    parser.add_argument("--rounds", type=int, default=3, help="at half load (3)")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("reload: wrk is needed (apt-get install wrk)")
    work = tempfile.mkdtemp(prefix="oneserve-reload-")
    failed = False
    print("| site | run | requests | rate/s | p99 ms | failed |\n|---|---|--:|--:|--:|---|")
    for name in SITES:
        site = Site(work, name)

        def show(what, report):
            print("| %s | %s | %d | %.0f | %.2f | %s |" % (name, what, report.requests, report.rate, report.p99 / 1e3, report.errors or "0"), flush=True)
            return bool(report.errors)

        full = site.run(options.seconds)
        show("full load", full)
        failed |= show("full load, %d reloads" % RELOADS, site.run(options.seconds, RELOADS))
        failed |= show("full load, Connection: close, %d reloads" % RELOADS, site.run(options.seconds, RELOADS, headers=["Connection: close"]))
        script = os.path.join(work, "pause.lua")
        with open(script, "w") as file:
            file.write(PAUSE % max(1, round(CONNECTIONS / (full.rate / 2) * 1000)))
        pairs = []
        for _ in range(options.rounds):
            steady = site.run(options.seconds, script=script)
            reloaded = site.run(options.seconds, RELOADS, script=script)
            show("half load", steady)
            failed |= show("half load, %d reloads" % RELOADS, reloaded)
            pairs.append(reloaded.p99 / steady.p99)
        print("| %s | p99 with reloads : without, median | | | %.2f | |" % (name, statistics.median(pairs)))
        site.stop()
    shutil.rmtree(work)
    if failed:
        sys.exit("reload: requests have failed")


if __name__ == "__main__":
    main()
