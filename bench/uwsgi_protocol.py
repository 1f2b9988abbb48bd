#!/usr/bin/env python3
"""Behind one nginx: our `uwsgi_pass`, Debian's uWSGI's, and `proxy_pass` to our own HTTP, each with the same application and two workers.

Rates are medians of alternated rounds; CPU is that of all processes of the Python server, nginx left out, in µs a request. Writes a table to standard output.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile

import bench
import processes
import servers
import slowhttp
import wrk

CONNECTIONS = 64
APPLICATION = """
def application(environ, start_response):
    if environ["PATH_INFO"].endswith("/10k"):
        body = b"x" * 10240
    else:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"Hello, world!"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""
POST = 'wrk.method = "POST"\nwrk.body = string.rep("x", 10240)\n'
NGINX = """
daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx-error.log; worker_rlimit_nofile 20000; {user}
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi; uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  upstream kept {{ server unix:{work}/http.sock; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096; include /etc/nginx/uwsgi_params;
    location /one/ {{ uwsgi_pass unix:{work}/one.sock; }}
    location /one-tcp/ {{ uwsgi_pass 127.0.0.1:{tcp}; }}
    location /uwsgi/ {{ uwsgi_pass unix:{work}/uwsgi.sock; }}
    location /uwsgi-tcp/ {{ uwsgi_pass 127.0.0.1:{theirs}; }}
    location /proxy/ {{ proxy_pass http://unix:{work}/http.sock:; proxy_set_header Host $host; }}
    location /kept/ {{ proxy_pass http://kept; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; }}
  }}
}}
"""
WAYS = (
    ("OneServe, uwsgi_pass, UNIX socket", "one", "one"), ("uWSGI, uwsgi_pass, UNIX socket", "uwsgi", "uwsgi"),
    ("OneServe, uwsgi_pass, TCP", "one", "one-tcp"), ("uWSGI, uwsgi_pass, TCP", "uwsgi", "uwsgi-tcp"),
    ("OneServe, proxy_pass, UNIX socket", "one", "proxy"), ("OneServe, proxy_pass, kept alive", "one", "kept"),
)
CASES = (("hello", "hello", None), ("10 KB", "10k", None), ("echo of 10 KB", "echo", "post.lua"))


def configure(work):
    """Name, command and port of each server."""
    for name, text in (("hello_uwsgi.py", APPLICATION), ("post.lua", POST)):
        with open(os.path.join(work, name), "w") as file:
            file.write(text)
    tcp, theirs, port = bench.free_port(), bench.free_port(), bench.free_port()
    common = "chdir = %s\nmodule = hello_uwsgi\nmaster = true\nprocesses = %d\n" % (work, servers.PROCESSES)
    common += "chmod-socket = 666\nlisten = 4096\ndisable-logging = true\nvacuum = true\n"
    one, uwsgi = os.path.join(work, "one.ini"), os.path.join(work, "uwsgi.ini")
    with open(one, "w") as file:
        file.write("[uwsgi]\nsocket = %s/one.sock\nsocket = 127.0.0.1:%d\nhttp = %s/http.sock\n%s" % (work, tcp, work, common))
    with open(uwsgi, "w") as file:
        file.write("[uwsgi]\nplugin = python3\ndie-on-term = true\nsocket = %s/uwsgi.sock\nsocket = 127.0.0.1:%d\n%s" % (work, theirs, common))
    conf = os.path.join(work, "nginx.conf")
    with open(conf, "w") as file:
        file.write(NGINX.format(work=work, port=port, tcp=tcp, theirs=theirs, user="user root;" if os.geteuid() == 0 else ""))
    yield "one", [os.environ.get("ONESERVE_BINARY") or os.path.join(servers.ROOT, "artifacts", "oneserve"), one], tcp
    yield "uwsgi", ["uwsgi", "--ini", uwsgi], theirs
    yield "nginx", ["/usr/sbin/nginx", "-e", os.path.join(work, "nginx-error.log"), "-c", conf], port


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement (5)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (5)")
    options = parser.parse_args()
    for tool in ("wrk", "uwsgi"):
        if shutil.which(tool) is None:
            sys.exit("uwsgi_protocol: %s is needed (apt-get install wrk uwsgi uwsgi-plugin-python3 nginx)" % tool)
    work = tempfile.mkdtemp(prefix="oneserve-uwsgi-")
    os.chmod(work, 0o755)
    running = {}
    try:
        for name, command, port in configure(work):
            with open(os.path.join(work, name + ".log"), "wb") as log:
                running[name] = slowhttp.start(command, port, log), port
        port = running["nginx"][1]
        print("| case | way | rate/s | CPU µs/request | p50 µs | p99 µs | errors |\n|---|---|--:|--:|--:|--:|---|")
        for title, path, script in CASES:
            seen = {way: [] for way, _, _ in WAYS}
            for _ in range(options.rounds):
                for way, server, location in WAYS:
                    pid = running[server][0].pid
                    before = processes.cpu_seconds(processes.tree(pid))
                    url = "http://127.0.0.1:%d/%s/%s" % (port, location, path)
                    report = wrk.run(url, CONNECTIONS, options.seconds, script=script and os.path.join(work, script))
                    spent = processes.cpu_seconds(processes.tree(pid)) - before
                    seen[way].append((report.rate, spent / report.requests * 1e6, report.p50, report.p99, report.errors))
            for way, rounds in seen.items():
                middle = [statistics.median(values) for values in list(zip(*rounds))[:4]]
                errors = "; ".join({row[4] for row in rounds if row[4]}) or "0"
                print("| %s | %s | %.0f | %.1f | %.0f | %.0f | %s |" % (title, way, *middle, errors), flush=True)
    finally:
        for process, _ in running.values():
            process.terminate()
        for process, _ in running.values():
            process.wait(15)
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
