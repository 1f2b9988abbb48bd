#!/usr/bin/env python3
"""gevent, beside uWSGI's gevent plugin and gunicorn's gevent worker: hello world, and 500 views that sleep for a second at the same time.

Medians of alternated rounds, two processes each. Writes a table to standard output.
"""

import argparse
import os
import socket
import statistics
import tempfile
import time

import bench
import processes
import servers
import slowhttp
import wrk

SLEEPERS = 500
APPLICATION = """
import time

def application(environ, start_response):
    if environ["PATH_INFO"] == "/sleep":
        time.sleep(1)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "13")])
    return [b"Hello, world!"]
"""


def commands(work):
    """Name, command and port of each server that is installed."""
    port = bench.free_port()
    ini = os.path.join(work, "site.ini")
    with open(ini, "w") as file:
        file.write("[uwsgi]\nhttp = 127.0.0.1:%d\nchdir = %s\nwsgi-file = app.py\nhome = /usr\n" % (port, work))
        file.write("processes = 2\ngevent = 300\ndisable-logging = true\n")
    yield "OneServe", [servers.OneServe(work).path, ini], port
    if os.path.exists("/usr/lib/uwsgi/plugins/gevent_python3_plugin.so"):
        port = bench.free_port()
        yield "uWSGI, gevent plugin", [
            "/usr/bin/uwsgi", "--plugin", "python3,gevent_python3", "--http-socket", "127.0.0.1:%d" % port, "--chdir", work, "--wsgi-file", "app.py",
            "--master", "--processes", "2", "--gevent", "300", "--gevent-monkey-patch", "--disable-logging", "--listen", "128", "--die-on-term"], port
    if servers.has_module("gunicorn"):
        port = bench.free_port()
        yield "gunicorn, gevent worker", [
            servers.PYTHON, "-m", "gunicorn", "-k", "gevent", "-w", "2", "--worker-connections", "300",
            "-b", "127.0.0.1:%d" % port, "--chdir", work, "app:application"], port


def sleepers(port):
    """Seconds until 500 clients that ask at the same time have their answers; how many had one."""
    began = time.monotonic()
    clients = []
    for _ in range(SLEEPERS):
        client = socket.create_connection(("127.0.0.1", port), 30)
        client.sendall(b"GET /sleep HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        clients.append(client)
    good = 0
    for client in clients:
        try:
            good += client.recv(100).startswith(b"HTTP/1.1 200")
        except OSError:
            pass
        client.close()
    return time.monotonic() - began, good


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        with open(os.path.join(work, "app.py"), "w") as file:
            file.write(APPLICATION)
        for _ in range(arguments.rounds):
            for name, command, port in commands(work):
                with open(os.path.join(work, name.split(",")[0] + ".log"), "wb") as log:
                    server = slowhttp.start(command, port, log)
                    try:
                        url = "http://127.0.0.1:%d/" % port
                        wrk.run(url, 16, 1)
                        before = processes.cpu_seconds(processes.tree(server.pid))
                        run = wrk.run(url, 64, arguments.seconds)
                        cpu = (processes.cpu_seconds(processes.tree(server.pid)) - before) / max(1, run.rate * arguments.seconds)
                        results.setdefault(name, []).append((run.rate, cpu * 1e6, *sleepers(port)))
                    finally:
                        processes.stop(server)
    print("| server | hello: requests/s | CPU/request, µs | %d views of 1 s: seconds | answered |\n|---|--:|--:|--:|--:|" % SLEEPERS)
    for name, rows in results.items():
        print("| %s | %.0f | %.1f | %.2f | %d |" % (name, *(statistics.median(column) for column in zip(*rows))))


if __name__ == "__main__":
    main()
