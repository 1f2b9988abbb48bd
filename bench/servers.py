"""The servers that are compared: how each is started for a case, and which version it is."""

import os
import re
import shutil
import signal
import subprocess
import sys

import processes

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
APPS = os.path.join(HERE, "apps")
DJANGO = os.path.join(ROOT, "tests", "apps", "djangosite")
PROCESSES = 2
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    return done.stdout


def has_module(name):
    return subprocess.call([PYTHON, "-c", "import " + name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


class Server:
    """One way to serve. `settings` is what the report says about it."""

    name = settings = ""
    kinds = ("wsgi", "django")
    stop_signal = signal.SIGTERM
    processes = PROCESSES
    threads = None      # None: what the server's own documentation recommends

    def __init__(self, work):
        self.work = work
        self.process = None

    def available(self):
        raise NotImplementedError

    def version(self):
        raise NotImplementedError

    def command(self, case, port):
        raise NotImplementedError

    def start(self, case, port):
        environment = dict(os.environ, PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", PYTHONDONTWRITEBYTECODE="1")
        environment["PYTHONPATH"] = os.pathsep.join([APPS, DJANGO])
        environment["DJANGOSITE_DATABASE"] = os.path.join(self.work, "db.sqlite3")
        environment["DJANGO_SETTINGS_MODULE"] = "myproj.settings"
        environment.pop("VIRTUAL_ENV", None)
        self.log = open(os.path.join(self.work, self.name.split()[0] + ".log"), "ab")
        self.process = subprocess.Popen(
            self.command(case, port), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env=environment, cwd=self.work, start_new_session=True)

    def pids(self):
        return processes.tree(self.process.pid)

    def stop(self):
        """INT and TERM mean different things to these servers; each is stopped in its own way, then by KILL of what is left."""
        if self.process is None:
            return
        pids = self.pids()
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            for pid in pids:
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    pass
            self.process.wait()
        self.process = None
        self.log.close()



class OneServe(Server):
    name = "OneServe"
    settings = "%d workers, disable-logging" % PROCESSES
    kinds = ("static", "wsgi", "django")

    def __init__(self, work):
        super().__init__(work)
        self.path = os.environ.get("ONESERVE_BINARY") or os.path.join(ROOT, "artifacts", "oneserve")

    def available(self):
        return os.access(self.path, os.X_OK)

    def version(self):
        return output(self.path, "--version").strip().splitlines()[0]

    def command(self, case, port):
        directory, module = (DJANGO, "myproj.wsgi") if case.kind == "django" else (APPS, "hello_wsgi")
        ini = os.path.join(self.work, "oneserve.ini")
        with open(ini, "w") as file:
            file.write("[uwsgi]\nhttp = 127.0.0.1:%d\nchdir = %s\nmodule = %s\nmaster = true\nprocesses = %d\nthreads = %d\n" % (
                port, directory, module, self.processes, self.threads or 1))
            file.write("static-map = /static=%s\ndisable-logging = true\nvacuum = true\n" % os.path.join(self.work, "static"))
        return [self.path, ini]


class Nginx(Server):
    name = "nginx"
    settings = "1 worker process, sendfile, tcp_nopush, open_file_cache, gzip_static, no access log"
    kinds = ("static",)
    stop_signal = signal.SIGQUIT

    def available(self):
        return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin") is not None

    def version(self):
        return output("/usr/sbin/nginx", "-v").strip().replace("nginx version: ", "")

    def command(self, case, port):
        configuration = os.path.join(self.work, "nginx.conf")
        with open(configuration, "w") as file:
            file.write("""
daemon off; master_process on; worker_processes 1; worker_rlimit_nofile 30000; pid %(work)s/nginx.pid; error_log %(work)s/nginx-error.log; %(user)s
events { worker_connections 4096; }
http {
  include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; tcp_nodelay on;
  keepalive_timeout 75; keepalive_requests 1000000000;
  open_file_cache max=20000 inactive=60s; open_file_cache_valid 60s; gzip_static on;
  client_body_temp_path %(work)s/body; proxy_temp_path %(work)s/proxy; fastcgi_temp_path %(work)s/fastcgi;
  uwsgi_temp_path %(work)s/uwsgi; scgi_temp_path %(work)s/scgi;
  server { listen 127.0.0.1:%(port)d backlog=4096; location /static/ { alias %(work)s/static/; } }
}
""" % {"work": self.work, "port": port, "user": "user root;" if os.geteuid() == 0 else ""})
        return ["/usr/sbin/nginx", "-e", os.path.join(self.work, "nginx-error.log"), "-c", configuration]


class Uwsgi(Server):
    name = "uWSGI"
    settings = "http-socket (a connection for each request), %d processes, disable-logging" % PROCESSES
    stop_signal = signal.SIGINT

    def available(self):
        return shutil.which("uwsgi") is not None

    def version(self):
        return "uWSGI " + output("uwsgi", "--version").strip()

    def command(self, case, port):
        directory, module = (DJANGO, "myproj.wsgi") if case.kind == "django" else (APPS, "hello_wsgi")
        plugin = ["--plugin", "python3"] if os.path.exists("/usr/lib/uwsgi/plugins/python3_plugin.so") else []
        return ["uwsgi"] + plugin + [
            "--http-socket", "127.0.0.1:%d" % port, "--chdir", directory, "--module", module, "--master", "--processes", str(self.processes), "--threads", str(self.threads or 1),
            "--disable-logging", "--listen", "1024", "--need-app",
            # http-socket closes after each answer without saying so, which wrk would count as an error.
            "--add-header", "Connection: close"]


class Gunicorn(Server):
    name = "gunicorn"
    settings = "gthread, %d workers of 4 threads, keep-alive 75 s" % PROCESSES

    def available(self):
        return has_module("gunicorn")

    def version(self):
        return "gunicorn " + output(PYTHON, "-c", "import gunicorn; print(gunicorn.__version__)").strip()

    def command(self, case, port):
        module = "myproj.wsgi" if case.kind == "django" else "hello_wsgi"
        return [PYTHON, "-m", "gunicorn", "-b", "127.0.0.1:%d" % port, "-w", str(self.processes), "-k", "gthread", "--threads", str(self.threads or 4),
                "--keep-alive", "75", "--backlog", "2048", "--log-level", "warning", module + ":application"]


class Uvicorn(Server):
    name = "uvicorn"

    def __init__(self, work):
        super().__init__(work)
        self.loop = "uvloop" if has_module("uvloop") else "asyncio"
        self.http = "httptools" if has_module("httptools") else "h11"
        self.settings = "ASGI, %d workers, %s, %s, no access log" % (PROCESSES, self.loop, self.http)

    def available(self):
        return has_module("uvicorn")

    def version(self):
        return "uvicorn " + output(PYTHON, "-c", "import uvicorn; print(uvicorn.__version__)").strip()

    def command(self, case, port):
        module = "django_asgi" if case.kind == "django" else "hello_asgi"
        return [PYTHON, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port), "--workers", str(self.processes), "--loop", self.loop,
                "--http", self.http, "--no-access-log", "--log-level", "warning", "--lifespan", "off", module + ":application"]


def versions_of_tools():
    wrk = re.search(r"wrk \S+", output("wrk", "-v"))
    django = output(PYTHON, "-c", "import django; print(django.get_version())").strip()
    python = output(PYTHON, "-c", "import platform; print(platform.python_version())").strip()
    return [("Python", python), ("Django", django), ("load by", wrk.group(0) if wrk else "wrk")]


ALL = [OneServe, Nginx, Uwsgi, Gunicorn, Uvicorn]
