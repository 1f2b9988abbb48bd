"""Processes of a server as /proc shows them: which they are, and the CPU time and memory they have used."""

import os
import signal
import subprocess
import time

STOP_LIMIT = 12                 # seconds: the server's own eight and a moment
TICK = 1.0 / os.sysconf("SC_CLK_TCK")


def read_stat(pid):
    """The fields behind the name, which may itself hold spaces and parentheses; None when the process has gone."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            text = file.read()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text[text.rindex(")") + 2:].split()


def tree(root):
    """The pids of a process and all its descendants."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = read_stat(int(name))
            if stat is not None:
                children.setdefault(int(stat[1]), []).append(int(name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(children.get(pid, ()))
    return found


def cpu_seconds(pids):
    """User and system time of the processes, and of their children that have ended and been waited for."""
    total = 0.0
    for pid in pids:
        stat = read_stat(pid)
        if stat is not None:
            total += sum(int(field) for field in stat[11:15]) * TICK
    return total


def memory_kilobytes(pids):
    """Proportional set size: what is shared is counted once."""
    total = 0
    for pid in pids:
        try:
            with open("/proc/%d/smaps_rollup" % pid) as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            pass
    return total


def title(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return file.read().replace(b"\0", b" ").decode("utf-8", "replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def open_files(pid):
    try:
        return len(os.listdir("/proc/%d/fd" % pid))
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0


def stop(server):
    """Ends a server by TERM; what is wrong with its end: time, exit code, processes that are left (they are killed)."""
    problems = []
    known = tree(server.pid)
    server.terminate()
    try:
        if server.wait(STOP_LIMIT) != 0:
            problems.append("exit code %d" % server.returncode)
    except subprocess.TimeoutExpired:
        problems.append("the server did not stop within %d s" % STOP_LIMIT)
        server.kill()
    until = time.monotonic() + 3
    left = known
    while left and time.monotonic() < until:
        left = [pid for pid in left if title(pid).startswith("oneserve")]
        time.sleep(0.02)
    for pid in left:
        problems.append("left: %d %s" % (pid, title(pid)))
        os.kill(pid, signal.SIGKILL)
    return problems
