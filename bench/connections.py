#!/usr/bin/env python3
"""Connections, beside nginx: an answer without application or file, Connection: close, pipelining, and thousands that idle and then wake at once.

Rates are medians of alternated rounds; CPU is that of all processes of a server, in µs a request. Writes a table to standard output.
"""

import argparse
import os
import resource
import select
import shutil
import socket
import statistics
import sys
import tempfile
import time

import bench
import processes
import servers
import slowhttp
import wrk

REQUEST = b"GET /static/13 HTTP/1.1\r\nHost: localhost\r\n\r\n"
PIPELINE = """
init = function(args)
  local one = wrk.format("GET", "%s")
  request_body = string.rep(one, 16)
end
request = function() return request_body end
"""


class Case:
    def __init__(self, name, path, headers=(), script=None, per_request=1):
        self.name, self.path, self.headers, self.script, self.per_request = name, path, headers, script, per_request


CASES = (
    Case("answer without application", "/answer"),
    Case("13 B file", "/static/13"),
    Case("13 B file, Connection: close", "/static/13", ["Connection: close"]),
    Case("13 B file, 16 requests pipelined", "/static/13", script="pipeline.lua"),
)


def start(command, port, work, name):
    with open(os.path.join(work, name + ".log"), "wb") as log:
        return slowhttp.start(command, port, log)


def configurations(work):
    """Name, command and port of each server."""
    os.makedirs(os.path.join(work, "static"))
    with open(os.path.join(work, "static", "13"), "w") as file:
        file.write("Hello, world!")
    os.chmod(work, 0o755)
    port = bench.free_port()
    ini = os.path.join(work, "site.ini")
    with open(ini, "w") as file:
        file.write("[uwsgi]\nhttp = 127.0.0.1:%d\nstatic-map = /static=%s/static\nroute = ^/answer$ return:200\ndisable-logging = true\nneed-app = false\n" % (port, work))
    yield "OneServe", [os.environ.get("ONESERVE_BINARY") or os.path.join(servers.ROOT, "artifacts", "oneserve"), ini], port
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if nginx:
        port = bench.free_port()
        conf = os.path.join(work, "nginx.conf")
        with open(conf, "w") as file:
            file.write("daemon off; worker_processes 1; pid %s/nginx.pid; error_log /dev/null; worker_rlimit_nofile 20000;\n" % work)
            file.write("events { worker_connections 16000; }\nhttp { access_log off; sendfile on; keepalive_timeout 75; keepalive_requests 1000000000;\n")
            file.write("server { listen 127.0.0.1:%d backlog=4096; root %s; location = /answer { return 200 \"OK\"; } } }\n" % (port, work))
        yield "nginx", [nginx, "-p", work, "-c", conf], port


def measure(command, port, work, name, case, seconds):
    server = start(command, port, work, name)
    try:
        pids = processes.tree(server.pid)
        script = os.path.join(work, case.script) if case.script else None
        before = processes.cpu_seconds(pids)
        report = wrk.run("http://127.0.0.1:%d%s" % (port, case.path), 64, seconds, case.headers, script)
        spent = processes.cpu_seconds(processes.tree(server.pid)) - before
        return report.rate, spent / report.requests * 1e6, report.errors
    finally:
        server.terminate()
        server.wait(15)


def idle(command, port, work, name, count):
    """Memory that so many idle connections add, KB each; how long until all have an answer when they wake at once; and how many failed."""
    server = start(command, port, work, name)
    clients = []
    try:
        before = processes.memory_kilobytes(processes.tree(server.pid))
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", port), 10)
            client.sendall(REQUEST)
            client.recv(4096)
            clients.append(client)
        time.sleep(9)                           # past the time after which idle connections give their memory back
        added = processes.memory_kilobytes(processes.tree(server.pid)) - before
        poller = select.epoll()
        begun = time.monotonic()
        for client in clients:
            client.sendall(REQUEST)
            poller.register(client.fileno(), select.EPOLLIN | select.EPOLLET)
        by_number = {client.fileno(): client for client in clients}
        waiting = set(by_number)
        failed = 0
        while waiting and time.monotonic() - begun < 30:
            for number, _ in poller.poll(1):
                if number in waiting:
                    waiting.discard(number)
                    try:
                        failed += not by_number[number].recv(4096).startswith(b"HTTP/1.1 200")
                    except OSError:
                        failed += 1
        return added, time.monotonic() - begun, failed + len(waiting)
    finally:
        for client in clients:
            client.close()
        server.terminate()
        server.wait(15)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement (5)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (5)")
    parser.add_argument("--idle", type=int, default=9500, help="connections that idle (9500)")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("connections: wrk is needed (apt-get install wrk)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    work = tempfile.mkdtemp(prefix="oneserve-connections-")
    found = list(configurations(work))
    print("| case | server | rate/s | CPU µs/request | ratio of rates | errors |\n|---|---|--:|--:|--:|---|")
    for case in CASES:
        if case.script:
            with open(os.path.join(work, case.script), "w") as file:
                file.write(PIPELINE % case.path)
        seen = {name: [] for name, _, _ in found}
        for _ in range(options.rounds):
            for name, command, port in found:
                seen[name].append(measure(command, port, work, name, case, options.seconds))
        rates = {name: statistics.median(rate for rate, _, _ in rounds) for name, rounds in seen.items()}
        for name, rounds in seen.items():
            ratio = "%.2f" % (rates["OneServe"] / rates["nginx"]) if name == "OneServe" and "nginx" in rates else ""
            print("| %s | %s | %.0f | %.1f | %s | %s |" % (
                case.name, name, rates[name], statistics.median(cpu for _, cpu, _ in rounds), ratio,
                "; ".join({errors for _, _, errors in rounds if errors}) or "0"), flush=True)
    print("\n| %d idle connections | memory added, MB | all awake after, s | failed |\n|---|--:|--:|--:|" % options.idle)
    for name, command, port in found:
        added, seconds, failed = idle(command, port, work, name, options.idle)
        print("| %s | %.1f | %.2f | %d |" % (name, added / 1024.0, seconds, failed), flush=True)
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
