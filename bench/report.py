"""The results as a page that a person can read."""

import datetime
import os
import platform
import statistics

import servers


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1048576.0
    return "%d × %s, %.0f GB, Linux %s" % (os.cpu_count() or 1, model, memory, platform.release())


def duration(microseconds):
    if microseconds != microseconds:
        return "–"
    return "%.0f µs" % microseconds if microseconds < 1000 else "%.1f ms" % (microseconds / 1000)


def thousands(value):
    return "{:,.0f}".format(value)


def case_table(case, results):
    """One table: medians over the rounds; the ratio is the median of OneServe's rate over that server's in the same round."""
    lines = ["| server | %d connections: requests/s | OneServe is | CPU µs/request | p99 " % case.connections
             + "| 1 connection: requests/s | CPU µs/request | p50 | memory | errors |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"]
    own = results.get("OneServe")
    for name, runs in results.items():
        def median(read):
            return statistics.median(read(run) for run in runs)
        ratio = "" if own is None or runs is own else "%.2f ×" % statistics.median(mine.many.rate / max(1.0, run.many.rate) for mine, run in zip(own, runs))
        bad = [text for run in runs for text in (run.many.errors, run.one.errors) if text]
        errors = "%d of %d runs: %s" % (len(bad), 2 * len(runs), bad[0]) if bad else "none"
        lines.append("| %s | %s | %s | %.1f | %s | %s | %.1f | %s | %.0f MB | %s |" % (
            name, thousands(median(lambda run: run.many.rate)), ratio, median(lambda run: run.many_cpu), duration(median(lambda run: run.many.p99)),
            thousands(median(lambda run: run.one.rate)), median(lambda run: run.one_cpu), duration(median(lambda run: run.one.p50)),
            median(lambda run: run.memory) / 1024.0, errors))
    return "### %s\n\n%s\n" % (case.title, "\n".join(lines))


def write(path, cases, results, taking_part, rounds, seconds, partial):
    lines = ["# Measurements", "",
             "Written by `make bench`%s on %s." % (partial, datetime.date.today().isoformat()), "",
             "- Machine: %s. Load generator and server share it." % machine(),
             "- " + ", ".join("%s %s" % pair for pair in servers.versions_of_tools()) + ".",
             "- How: `wrk -t1` over loopback with keep-alive, 64 connections and then one. All servers of a case are started and warmed up; in each of %d rounds "
             "they take turns of %d s each. Medians over the rounds; a ratio is the median of the rounds' ratios, which is steadier than the rates on a noisy machine." % (rounds, seconds),
             "- CPU: user and system time of all processes of a server (`/proc/PID/stat`), divided by the requests. Memory: proportional set size at the end.",
             "- Servers:", ""]
    for server in taking_part:
        lines.append("  - %s: %s; %s" % (server.name, server.version(), server.settings))
    lines.append("")
    for case in cases:
        if results.get(case.name):
            lines.append(case_table(case, results[case.name]))
    with open(path, "w") as file:
        file.write("\n".join(lines).rstrip() + "\n")
