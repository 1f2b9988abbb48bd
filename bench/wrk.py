"""Runs wrk and reads its report."""

import re
import subprocess

UNITS = {"us": 1.0, "ms": 1e3, "s": 1e6, "m": 60e6}


class Report:
    """One run: requests, rate per second, latency in µs, and what went wrong (an empty string when nothing did)."""

    def __init__(self, text):
        self.requests = int(re.search(r"(\d+) requests in", text).group(1))
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
        self.p50 = self._latency(text, "50%")
        self.p99 = self._latency(text, "99%")
        self.errors = "; ".join(line.strip() for line in text.splitlines() if "Socket errors" in line or "Non-2xx" in line)

    @staticmethod
    def _latency(text, percentile):
        match = re.search(re.escape(percentile) + r"\s+([\d.]+)(us|ms|s|m)\b", text)
        return float(match.group(1)) * UNITS[match.group(2)] if match else float("nan")


def run(url, connections, seconds, headers=(), script=None):
    command = ["wrk", "-t1", "-c%d" % connections, "-d%ds" % seconds, "--latency", "--timeout", "5s"]
    for header in headers:
        command += ["-H", header]
    if script:
        command += ["-s", script]
    done = subprocess.run(command + [url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=True)
    return Report(done.stdout)
