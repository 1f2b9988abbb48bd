#!/usr/bin/env python3
"""slowhttptest's four attacks (head, body, ranges, slow reading), 2,000 connections each, against OneServe and nginx in turn.

A probe asks for a small file all the time: its slowest answer, and what the attack adds to the server's memory, are the result.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import bench
import processes
import servers

MODES = (("slow head", ("-H", "-i", "10")), ("slow body", ("-B", "-i", "10", "-s", "8192")),
         ("ranges", ("-R", "-a", "10", "-b", "3000")), ("slow reading", ("-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3")))
REQUEST = b"GET /static/13 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Probe(threading.Thread):
    """Asks ten times a second, on a connection of its own each time."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.slowest, self.asked, self.failed = port, 0.0, 0, 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.1):
            begun = time.monotonic()
            try:
                with socket.create_connection(("127.0.0.1", self.port), 10) as client:
                    client.sendall(REQUEST)
                    self.failed += not client.recv(4096).startswith(b"HTTP/1.1 200")
            except OSError:
                self.failed += 1
            self.asked += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)


def attack(server, port, mode, options):
    """One attack; memory before and at its worst, in KB, and the probe."""
    pids = processes.tree(server.pid)
    before = processes.memory_kilobytes(pids)
    probe = Probe(port)
    probe.start()
    target = "/static/1m" if mode in ("ranges", "slow reading") else "/static/13"
    command = ["slowhttptest", "-c", str(options.connections), "-r", "500", "-l", str(options.seconds), "-p", "5", "-u",
               "http://127.0.0.1:%d%s" % (port, target)] + list(dict(MODES)[mode])
    tool = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    worst = before
    while tool.poll() is None:
        worst = max(worst, processes.memory_kilobytes(processes.tree(server.pid)))
        time.sleep(0.3)
    probe.over.set()
    probe.join()
    return worst - before, probe


def start(command, port, log):
    process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    limit = time.monotonic() + bench.START_LIMIT
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            if process.poll() is not None or time.monotonic() > limit:
                sys.exit("slowhttp: %s did not start; its log: %s" % (command[0], log.name))
            time.sleep(0.05)


def configurations(work):
    """Name, command and port of each server."""
    static = os.path.join(work, "static")
    os.makedirs(static)
    for name, size in (("13", 13), ("1m", 1 << 20)):
        with open(os.path.join(static, name), "wb") as file:
            file.write(b"x" * size)
    os.chmod(work, 0o755)
    port = bench.free_port()
    ini = os.path.join(work, "site.ini")
    with open(ini, "w") as file:
        file.write("[uwsgi]\nhttp = 127.0.0.1:%d\nstatic-map = /static=%s\ndisable-logging = true\nneed-app = false\n" % (port, static))
    yield "OneServe", [os.environ.get("ONESERVE_BINARY") or os.path.join(servers.ROOT, "artifacts", "oneserve"), ini], port
    port = bench.free_port()
    conf = os.path.join(work, "nginx.conf")
    with open(conf, "w") as file:
        file.write("daemon off; worker_processes 1; pid %s/nginx.pid; error_log /dev/null; worker_rlimit_nofile 20000;\n" % work)
        file.write("events { worker_connections 16000; }\nhttp { access_log off; sendfile on; keepalive_timeout 75;\n")
        file.write("server { listen 127.0.0.1:%d backlog=4096; root %s; } }\n" % (port, work))
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if nginx:
        yield "nginx", [nginx, "-p", work, "-c", conf], port


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=30, help="of each attack (30)")
    parser.add_argument("--only", choices=[mode for mode, _ in MODES], help="one attack")
    options = parser.parse_args()
    if shutil.which("slowhttptest") is None:
        sys.exit("slowhttp: slowhttptest is needed (apt-get install slowhttptest)")
    print("| attack | server | slowest probe | probes failed | memory added |\n|---|---|--:|--:|--:|")
    passed = True
    with tempfile.TemporaryDirectory(prefix="oneserve-slowhttp-") as work:
        found = list(configurations(work))
        for mode in [options.only] if options.only else dict(MODES):
            for name, command, port in found:
                with open(os.path.join(work, name + ".log"), "wb") as log:
                    server = start(command, port, log)
                    try:
                        added, probe = attack(server, port, mode, options)
                    finally:
                        server.terminate()
                        server.wait(15)
                print("| %s | %s | %.0f ms | %d of %d | %.1f MB |" % (mode, name, probe.slowest * 1000, probe.failed, probe.asked, added / 1024.0), flush=True)
                passed &= name != "OneServe" or (probe.failed == 0 and probe.slowest < 0.1)
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
