#!/usr/bin/env python3
"""Kills, stops and reloads at random under load, and every request is accounted for.

Allowed are: 502 for a request that the log names as lost with its worker, a cut connection that was open when its gateway was killed. Anything
else (a hung request, another status, a wrong body, a process or a file left, memory or descriptors that grow) fails the run. The seed repeats
the order of the disturbances, not their timing.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import bench
import processes
import servers
from accounts import CUT, HUNG, Accounts, Client, SlowClient

CLIENTS, SLOW_CLIENTS, WORKERS = 12, 4, 6
KILL_MARGIN = 0.3               # seconds between a kill and what clients see of it
SETTLED = 3                     # a gateway of that age, seconds, is measured
MEMORY_FACTOR, MEMORY_SLACK_KB, DESCRIPTOR_SLACK = 1.5, 16384, 40
LOST = re.compile(r"(?:GET|POST) (\S+) was with a worker that died, for \S+ s: (it is answered 502|it is run once more|its answer is cut off)")


class Chaos:
    def __init__(self, work, seed):
        self.work, self.chance, self.port = work, random.Random(seed), bench.free_port()
        self.executable = os.environ.get("ONESERVE_BINARY") or os.path.join(servers.ROOT, "artifacts", "oneserve")
        self.ini, self.log = os.path.join(work, "chaos.ini"), os.path.join(work, "oneserve.log")
        self.stop, self.accounts, self.problems = threading.Event(), Accounts(), []
        self.gateway_kills, self.done = [], {}
        self.samples = {"master": [], "gateway": []}
        self.gateway_since = (0, 0.0)

    # ---- the server ----

    def write_ini(self, *more):
        lines = ("[uwsgi]", "http = 127.0.0.1:%d" % self.port, "chdir = %s" % self.work, "pythonpath = %s" % servers.APPS, "module = chaos_wsgi",
                 "static-map = /static=%s/static" % self.work, "processes = %d" % WORKERS, "threads = 2", "pidfile = chaos.pid", "vacuum = true",
                 "harakiri = 30", "disable-logging = true") + more
        with open(self.ini + "~", "w") as file:
            file.write("\n".join(lines) + "\n")
        os.rename(self.ini + "~", self.ini)

    def start(self):
        os.makedirs(os.path.join(self.work, "static"))
        os.makedirs(os.path.join(self.work, "tmp"))
        with open(os.path.join(self.work, "static", "file"), "w") as file:
            file.write("a file\n")
        self.write_ini()
        with open(self.log, "wb") as log:
            self.server = subprocess.Popen([self.executable, self.ini], stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.work,
                                           env=dict(os.environ, TMPDIR=os.path.join(self.work, "tmp")))
        self.wait(lambda: "is ready" in self.text(), "the start")

    def text(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    def wait(self, condition, what, limit=30):
        until = time.monotonic() + limit
        while not condition():
            if time.monotonic() > until or self.server.poll() is not None:
                raise SystemExit("chaos: %s did not happen; the log: %s" % (what, self.log))
            time.sleep(0.02)

    def find(self, title):
        return [pid for pid in processes.tree(self.server.pid) if processes.title(pid).startswith("oneserve: " + title)]

    # ---- disturbances ----

    def kill_worker(self):
        self.send(self.find("worker"), signal.SIGKILL)

    def kill_gateway(self):
        found = self.find("gateway")
        if found:
            begun = time.monotonic()
            self.send(found, signal.SIGKILL)
            self.gateway_kills.append((begun, time.monotonic()))    # on a busy machine there is time in between

    def kill_prototype(self):
        self.send(self.find("prototype"), signal.SIGKILL)

    def stop_for_a_while(self):
        pid = self.send(self.find(self.chance.choice(("worker", "worker", "gateway", "prototype"))) if self.chance.random() < 0.8 else [self.server.pid], signal.SIGSTOP)
        time.sleep(self.chance.uniform(0.05, 0.5))
        if pid:
            self.send([pid], signal.SIGCONT)

    def reload(self):
        self.server.send_signal(signal.SIGHUP)

    def reload_bad_release(self):
        broken = os.path.join(self.work, "BROKEN")
        open(broken, "w").close()
        self.fail_to_reload()
        os.unlink(broken)

    def reload_bad_file(self):
        self.write_ini("processes = many")
        self.fail_to_reload()
        self.write_ini()

    def fail_to_reload(self):
        """Which of several reloads reads the mistake is a matter of chance; the next one that ends is waited for."""
        before = self.text().count("The reload failed")
        self.server.send_signal(signal.SIGHUP)
        self.wait(lambda: self.text().count("The reload failed") > before, "the refusal of a bad reload")

    def send(self, pids, number):
        pid = self.chance.choice(pids) if pids else 0
        if pid:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        return pid

    def disturb(self):
        kinds = (self.kill_worker,) * 3 + (self.stop_for_a_while,) * 4 + (self.reload,) * 2 + (
            self.kill_gateway, self.kill_prototype, self.reload_bad_release, self.reload_bad_file)
        while not self.stop.wait(self.chance.uniform(0.1, 1.0)):
            kind = self.chance.choice(kinds)
            kind()
            self.done[kind.__name__] = self.done.get(kind.__name__, 0) + 1

    # ---- a run ----

    def run(self, seconds, seed):
        threads = [Client(number, self.port, seed + number, self.accounts, self.stop) for number in range(CLIENTS)]
        threads += [SlowClient(self.port, seed + 1000 + number, self.stop) for number in range(SLOW_CLIENTS)]
        failed = []

        def disturb():
            try:
                self.disturb()
            except (Exception, SystemExit) as error:
                failed.append(error)

        threads.append(threading.Thread(target=disturb, daemon=True))
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end and not failed:
            time.sleep(1)
            self.sample()
        self.stop.set()
        for thread in threads:
            thread.join(40)
            if thread.is_alive():
                self.problems.append("a client or a disturbance hangs")
        self.problems.extend(map(str, failed))

    def sample(self):
        """Master always, the gateway when it is old enough; both by memory and descriptors."""
        for role, pids in (("master", [self.server.pid]), ("gateway", self.find("gateway")[:1])):
            if role == "gateway" and (not pids or not self.is_settled(pids[0])):
                continue
            memory, files = processes.memory_kilobytes(pids), sum(map(processes.open_files, pids))
            if memory and files:
                self.samples[role].append((memory, files))

    def is_settled(self, pid):
        if self.gateway_since[0] != pid:
            self.gateway_since = (pid, time.monotonic())
        return time.monotonic() - self.gateway_since[1] >= SETTLED

    def finish(self):
        """The site is whole: a reload works, a stop leaves nothing."""
        self.wait(lambda: len(self.find("worker")) == WORKERS, "the return of all workers")
        told = subprocess.run([self.executable, "reload", os.path.join(self.work, "chaos.pid")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        if told.returncode != 0:
            self.problems.append("the last reload failed: " + told.stdout.decode())
        self.problems.extend(processes.stop(self.server))
        for path in [os.path.join(self.work, "chaos.pid")] + [os.path.join(self.work, "tmp", name) for name in os.listdir(os.path.join(self.work, "tmp"))]:
            if os.path.exists(path):
                self.problems.append("left: " + path)

    # ---- the account ----

    def judge(self):
        fates = {}
        for target, fate in LOST.findall(self.text()):
            fates.setdefault(target, []).append(fate)
        lost = cut = 0
        for failure in self.accounts.failures:
            told = fates.get(failure.target, [])
            if failure.what == 502 and "it is answered 502" in told:
                lost += 1
            elif failure.what == CUT and ("its answer is cut off" in told or any(
                    failure.opened <= killed + KILL_MARGIN and begun <= failure.ended for begun, killed in self.gateway_kills)):
                cut += 1
            else:
                self.problems.append("%s, after %s" % (failure, told or "nothing that was told"))
        if len(self.gateway_kills) * CLIENTS + sum("its answer is cut off" in told for told in fates.values()) < cut:
            self.problems.append("more connections were cut than were open")
        for role, samples in self.samples.items():
            third = len(samples) // 3
            for column, (name, slack) in enumerate((("memory (KB)", MEMORY_SLACK_KB), ("descriptors", DESCRIPTOR_SLACK))):
                if third:
                    early, late = (sorted(sample[column] for sample in part)[third // 2] for part in (samples[:third], samples[-third:]))
                    print("chaos: %s %s: %d in the first third, %d in the last" % (role, name, early, late))
                    if late > early * MEMORY_FACTOR + slack:
                        self.problems.append("%s of the %s grew" % (name, role))
        repeated = sum("it is run once more" in told for told in fates.values())
        hung = sum(failure.what == HUNG for failure in self.accounts.failures)
        print("chaos: %s" % ", ".join("%s %d" % pair for pair in sorted(self.done.items())))
        print("chaos: %d requests answered, %d lost with their workers, %d cut with their gateways, %d run once more, %d hung, slowest %.2f s" % (
            self.accounts.answered, lost, cut, repeated, hung, self.accounts.slowest))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=600, help="how long (600)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31), help="repeats the order of a run")
    options = parser.parse_args()
    print("chaos: seed %d" % options.seed, flush=True)
    chaos = Chaos(tempfile.mkdtemp(prefix="oneserve-chaos-"), options.seed)
    chaos.start()
    try:
        chaos.run(options.seconds, options.seed)
    finally:
        chaos.finish()
    chaos.judge()
    for problem in chaos.problems[:50]:
        print("chaos: " + problem)
    if chaos.problems:
        sys.exit("chaos: failed with seed %d; the server's log: %s" % (options.seed, chaos.log))
    shutil.rmtree(chaos.work)
    print("chaos: every request is accounted for, nothing is left, seed %d" % options.seed)


if __name__ == "__main__":
    main()
