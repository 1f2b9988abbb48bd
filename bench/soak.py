#!/usr/bin/env python3
"""A long run: load without a pause while the server is reloaded, its workers are killed and its clients leave early.

Fails on a request that was not answered with 200, on memory or descriptors that keep growing in master or gateway, on a process left at the end.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import bench
import processes
import servers
import wrk

ROUND_SECONDS = 10
# Growth from the first third of the run to its end that is still no leak: caches and pools fill slowly.
MEMORY_FACTOR, MEMORY_SLACK_KB = 1.5, 8192
DESCRIPTOR_SLACK = 16


class Soak:
    def __init__(self, work):
        self.work = work
        self.port = bench.free_port()
        self.problems = []
        self.samples = []
        self.requests = 0

    def start(self):
        binary = os.environ.get("ONESERVE_BINARY") or os.path.join(servers.ROOT, "artifacts", "oneserve")
        ini = os.path.join(self.work, "soak.ini")
        with open(ini, "w") as file:
            file.write("[uwsgi]\nhttp = 127.0.0.1:%d\nchdir = %s\nmodule = hello_wsgi\nmaster = true\nprocesses = 4\nthreads = 2\n" % (self.port, servers.APPS))
            file.write("vacuum = true\npidfile = %s/soak.pid\n" % self.work)
        self.log = open(os.path.join(self.work, "oneserve.log"), "wb")
        self.server = subprocess.Popen([binary, ini], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, start_new_session=True)
        limit = time.monotonic() + bench.START_LIMIT
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.server.poll() is not None or time.monotonic() > limit:
                    raise SystemExit("soak: the server did not start; its log: " + self.log.name)
                time.sleep(0.05)

    def workers(self):
        return [pid for pid in processes.tree(self.server.pid) if processes.title(pid).startswith("oneserve: worker")]

    def sample(self):
        """Memory and descriptors of the two processes that live as long as the server."""
        kept = [pid for pid in processes.tree(self.server.pid) if pid == self.server.pid or processes.title(pid).startswith("oneserve: gateway")]
        self.samples.append((processes.memory_kilobytes(kept), sum(processes.open_files(pid) for pid in kept)))

    def disturb(self, number):
        """In turn: nothing, a reload, a killed worker, clients that leave in the middle."""
        kind = number % 4
        time.sleep(ROUND_SECONDS / 3.0)
        if kind == 1:
            self.server.send_signal(signal.SIGHUP)
        elif kind == 2:
            victims = self.workers()
            if victims:
                os.kill(victims[number % len(victims)], signal.SIGKILL)
        elif kind == 3:
            for _ in range(200):
                with socket.create_connection(("127.0.0.1", self.port), 5) as client:
                    client.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + b"x" * 5000)
        return ("load alone", "reload", "a worker killed", "clients that leave")[kind]

    def run_round(self, number):
        done = []
        disturber = threading.Thread(target=lambda: done.append(self.disturb(number)))
        disturber.start()
        result = wrk.run("http://127.0.0.1:%d/%s" % (self.port, ("hello", "10k")[number // 4 % 2]), 64, ROUND_SECONDS)
        disturber.join()
        self.requests += result.requests
        self.sample()
        what = done[0] if done else "the disturbance failed"
        print("round %4d  %-20s %9.0f/s  %6.1f MB  %4d descriptors  %s" % (
            number, what, result.rate, self.samples[-1][0] / 1024.0, self.samples[-1][1], result.errors), flush=True)
        if result.errors or not done:
            self.problems.append("round %d (%s): %s" % (number, what, result.errors))
        if self.server.poll() is not None:
            raise SystemExit("soak: the server has ended with %s; its log: %s" % (self.server.returncode, self.log.name))

    def stop(self):
        self.problems.extend(processes.stop(self.server))
        if os.path.exists(os.path.join(self.work, "soak.pid")):
            self.problems.append("left: the pidfile")

    def judge(self):
        if len(self.samples) >= 3:
            memory, descriptors = self.samples[len(self.samples) // 3]
            last_memory, last_descriptors = self.samples[-1]
            if last_memory > memory * MEMORY_FACTOR + MEMORY_SLACK_KB:
                self.problems.append("memory of master and gateway grew from %d to %d KB" % (memory, last_memory))
            if last_descriptors > descriptors + DESCRIPTOR_SLACK:
                self.problems.append("descriptors of master and gateway grew from %d to %d" % (descriptors, last_descriptors))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=600, help="how long (600)")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("soak: wrk is needed (apt-get install wrk)")
    soak = Soak(tempfile.mkdtemp(prefix="oneserve-soak-"))
    soak.start()
    try:
        for number in range(max(1, options.seconds // ROUND_SECONDS)):
            soak.run_round(number)
    finally:
        soak.stop()
    soak.judge()
    for problem in soak.problems:
        print("soak: " + problem)
    if soak.problems:
        sys.exit("soak: failed; the server's log: " + soak.log.name)
    shutil.rmtree(soak.work)
    print("soak: %d requests, no error, nothing left" % soak.requests)


if __name__ == "__main__":
    main()
