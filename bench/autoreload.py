#!/usr/bin/env python3
"""From the saved file to the first answer of the new code, with `py-autoreload`: of a hello world and of a Django site; uWSGI beside it.

Prints a table: milliseconds, median and worst; beside them what a fresh Python needs for the import alone, and what is left of the median without it.
"""

import argparse
import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import bench
import servers

HELLO = """
from released import TEXT

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [TEXT]
"""
VIEW = """

def count(request):
    return HttpResponse(%r, content_type="text/plain")
"""
ENVIRONMENT = dict(os.environ, PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", PYTHONDONTWRITEBYTECODE="1")


class Hello:
    name, path, module, loads = "hello", "/", "hello", "import hello"

    def __init__(self, work):
        self.directory = os.path.join(work, "hello")
        os.mkdir(self.directory)
        with open(os.path.join(self.directory, "hello.py"), "w") as file:
            file.write(HELLO)
        self.save(b"0")

    def save(self, text):
        exchange(os.path.join(self.directory, "released.py"), "TEXT = %r\n" % text)


class Django:
    name, path, module, loads = "Django", "/count/", "myproj.wsgi", "import myproj.wsgi, myproj.urls"

    def __init__(self, work):
        self.directory = os.path.join(work, "django")
        shutil.copytree(servers.DJANGO, self.directory, ignore=shutil.ignore_patterns("*.sqlite3", "__pycache__"))
        subprocess.check_call([servers.PYTHON, "-B", "manage.py", "migrate", "--verbosity", "0"], cwd=self.directory, env=ENVIRONMENT)
        self.views = os.path.join(self.directory, "pages", "views.py")
        with open(self.views) as file:
            self.code = file.read()
        self.save(b"0")

    def save(self, text):
        exchange(self.views, self.code + VIEW % text.decode())


def exchange(path, text):
    """As most editors save: another file in its place."""
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)


def command(server, port, site):
    options = ["--chdir", site.directory, "--module", site.module, "--py-autoreload", "1", "--disable-logging", "--processes", "1"]
    if server == "uwsgi":
        return ["uwsgi", "--plugin", "python3", "--master", "--http-socket", "127.0.0.1:%d" % port] + options
    binary = os.environ.get("ONESERVE_BINARY") or os.path.join(servers.ROOT, "artifacts", "oneserve")
    return [binary, "--http", "127.0.0.1:%d" % port, "--home", "/usr"] + options


def ask(port, path):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        return connection.getresponse().read()
    except OSError:
        return None
    except http.client.HTTPException:
        return None


def wait(port, path, text, process, log):
    until = time.monotonic() + 30
    while ask(port, path) != text:
        if time.monotonic() > until or process.poll() is not None:
            raise SystemExit("autoreload: %r did not come; the log: %s" % (text, log))
        time.sleep(.002)


def measure(server, site, work, rounds):
    """Seconds of each round."""
    port, log = bench.free_port(), os.path.join(work, "%s-%s.log" % (server, site.name))
    with open(log, "wb") as output:
        process = subprocess.Popen(command(server, port, site), stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=ENVIRONMENT)
    try:
        site.save(b"start")
        wait(port, site.path, b"start", process, log)
        times = []
        for number in range(rounds):
            time.sleep(1.1)     # a person does not save faster; and uWSGI looks at whole seconds
            text = b"%d" % number
            site.save(text)
            began = time.monotonic()
            wait(port, site.path, text, process, log)
            times.append(time.monotonic() - began)
        return times
    finally:
        if server == "uwsgi":
            process.send_signal(2)
        else:
            process.terminate()
        process.wait(20)


def import_time(site, rounds):
    """Seconds that a fresh Python takes for the import, its own start included."""
    environment = dict(ENVIRONMENT, DJANGO_SETTINGS_MODULE="myproj.settings")
    times = []
    for _ in range(rounds):
        began = time.monotonic()
        subprocess.check_call([servers.PYTHON, "-c", site.loads], cwd=site.directory, env=environment)
        times.append(time.monotonic() - began)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, help="saves of each site (10)")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="oneserve-autoreload-")
    print("| site | server | median ms | worst ms | import alone ms | median without it ms |\n|---|---|--:|--:|--:|--:|")
    slow = False
    for kind in (Hello, Django):
        site = kind(work)
        alone = import_time(site, options.rounds)
        for server in ["oneserve"] + ["uwsgi"] * (shutil.which("uwsgi") is not None):
            times = measure(server, site, work, options.rounds)
            median = statistics.median(times)
            slow |= server == "oneserve" and median - alone > .5
            row = (site.name, server, median * 1e3, max(times) * 1e3, alone * 1e3, (median - alone) * 1e3)
            print("| %s | %s | %.0f | %.0f | %.0f | %.0f |" % row, flush=True)
    shutil.rmtree(work)
    if slow:
        sys.exit("autoreload: more than half a second beside the import")


if __name__ == "__main__":
    main()
