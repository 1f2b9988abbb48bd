"""Chromium without a window, driven over two pipes by its DevTools protocol: messages in JSON, each ended by a NUL byte."""

import json
import os
import select
import shutil
import subprocess
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find():
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Chromium:
    def __init__(self, directory):
        to_read, self.writer = os.pipe()
        self.reader, to_write = os.pipe()
        # It reads from descriptor 3 and writes to 4.
        command = 'exec "$0" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-extensions ' \
            '--autoplay-policy=no-user-gesture-required --remote-debugging-pipe --user-data-dir="$1" about:blank 3<&%d 4>&%d' % (to_read, to_write)
        self.log = open(os.path.join(directory, "chromium.log"), "wb")
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", command, find(), os.path.join(directory, "profile")], pass_fds=(to_read, to_write), stdout=self.log, stderr=self.log)
        os.close(to_read)
        os.close(to_write)
        self.events, self.buffer, self.number, self.session = [], b"", 0, None
        target = next(info for info in self.call("Target.getTargets")["targetInfos"] if info["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.call(domain + ".enable")

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.writer, data):]
        while True:
            answer = self.receive(60)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]
            self.events.append(answer)

    def receive(self, seconds):
        limit = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            if not select.select([self.reader], [], [], max(0, limit - time.monotonic()))[0]:
                raise TimeoutError("Chromium says nothing")
            data = os.read(self.reader, 1 << 20)
            if not data:
                raise RuntimeError("Chromium has ended; its log: " + self.log.name)
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, url):
        """Opens a page and waits until it is loaded."""
        self.events.clear()
        self.call("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def reload(self):
        self.events.clear()
        self.call("Page.reload")
        self.wait("Page.loadEventFired")

    def wait(self, method):
        while not any(event["method"] == method for event in self.events):
            self.events.append(self.receive(60))

    def evaluate(self, expression):
        """The value of an expression, of its promise if it is one."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"].get("exception", {}).get("description", "an exception in the page"))
        return result["result"].get("value")

    def responses(self, part):
        """The answers to requests whose URL holds the text: (status, headers in small letters, from the cache?)."""
        self.evaluate("0")  # what has been reported until now
        from_memory = {event["params"]["requestId"] for event in self.events if event["method"] == "Network.requestServedFromCache"}
        raw = {event["params"]["requestId"]: event["params"].get("statusCode") for event in self.events if event["method"] == "Network.responseReceivedExtraInfo"}
        found = []
        for event in self.events:
            if event["method"] == "Network.responseReceived" and part in event["params"]["response"]["url"]:
                response, request = event["params"]["response"], event["params"]["requestId"]
                cached = request in from_memory or response.get("fromDiskCache", False)
                headers = {name.lower(): value for name, value in response["headers"].items()}
                found.append((raw.get(request) or response["status"], headers, cached and raw.get(request) != 304))
        return found

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (OSError, RuntimeError, TimeoutError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.reader)
        os.close(self.writer)
        self.log.close()
