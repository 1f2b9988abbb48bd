#!/usr/bin/env python3
"""A Django site with hashed static files and a film, served by the executable to a real Chromium: caching, codings and seeking as a browser sees them."""

import base64
import gzip
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import chromium
import webm

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
WIDTH, HEIGHT, COLOURS, FRAMES, SHOWN = 640, 480, 8, 160, 250
YEAR = "public, max-age=31536000, immutable"
SOURCES = {
    "site.css": "body { background: rgb(1, 2, 3) url(logo.svg); }\n" + "/* so long that it is worth a coding */\n" * 50,
    "site.js": "addEventListener('load', () => { document.title = 'loaded'; });\n" + "// so long that it is worth a coding\n" * 50,
    "logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>\n',
}
DRAW = """(colour => { const canvas = document.createElement('canvas'); canvas.width = %d; canvas.height = %d;
  const context = canvas.getContext('2d'), noise = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < noise.data.length; i += 65536) crypto.getRandomValues(new Uint8Array(noise.data.buffer, i, Math.min(65536, noise.data.length - i)));
  for (let i = 3; i < noise.data.length; i += 4) noise.data[i] = 255;
  context.putImageData(noise, 0, 0); context.fillStyle = `hsl(${colour * 360 / %d}, 100%%, 50%%)`; context.fillRect(0, 0, 320, 480);
  return canvas.toDataURL('image/webp', 0.95).split(',')[1]; })(%d)"""
SEEK = """(async time => { const film = document.querySelector('video');
  await new Promise((done, failed) => { film.onseeked = done; film.onerror = () => failed(new Error(film.error.message)); film.currentTime = time; });
  const canvas = document.createElement('canvas'); canvas.width = %d; canvas.height = %d;
  const context = canvas.getContext('2d'); context.drawImage(film, 0, 0);
  return Array.from(context.getImageData(160, 240, 1, 1).data.slice(0, 3)); })(%f)"""


def brotli(data):
    """By the module or the program; without them a valid stream of blocks that are not compressed (RFC 7932, 9.2)."""
    try:
        import brotli as module
        return module.compress(data)
    except ImportError:
        if shutil.which("brotli"):
            return subprocess.run(["brotli", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    stream = b""
    for at in range(0, len(data), 65536):
        block = data[at:at + 65536]
        bits = (len(block) - 1) << 3 | 1 << 19  # ISLAST 0, MNIBBLES 0, MLEN - 1, ISUNCOMPRESSED 1
        stream += struct.pack("<I", bits << 1 if at == 0 else bits)[:3] + block  # WBITS stands before the first
    return stream + b"\x03"


def check(what, right, seen=None):
    print(("ok    " if right else "WRONG ") + what + ("" if right else ": %r" % (seen,)), flush=True)
    return right


def prepare(work):
    for name in ("sources", "static", "media"):
        os.makedirs(os.path.join(work, name))
    for name, content in SOURCES.items():
        with open(os.path.join(work, "sources", name), "w") as file:
            file.write(content)
    with open(os.path.join(work, "media", "note.txt"), "w") as file:
        file.write("a note\n")
    environment = dict(
        os.environ, DJANGO_SETTINGS_MODULE="manifest_settings", PYTHONPATH=os.pathsep.join([HERE, os.path.join(ROOT, "tests", "apps", "djangosite")]),
        BROWSER_SOURCES=os.path.join(work, "sources"), BROWSER_STATIC=os.path.join(work, "static"), BROWSER_MEDIA=os.path.join(work, "media"),
        DJANGOSITE_DATABASE=os.path.join(work, "db.sqlite3"), PYTHONDONTWRITEBYTECODE="1")
    subprocess.run([PYTHON, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"], env=environment, check=True)
    for name in os.listdir(os.path.join(work, "static")):
        if name.endswith((".css", ".js")):
            path = os.path.join(work, "static", name)
            with open(path, "rb") as file:
                data = file.read()
            for suffix, coded in ((".gz", gzip.compress(data)), (".br", brotli(data))):
                with open(path + suffix, "wb") as file:
                    file.write(coded)
    return environment


def start(work, environment):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ini = os.path.join(work, "site.ini")
    with open(ini, "w") as file:
        file.write("[uwsgi]\nhttp = 127.0.0.1:%d\nmodule = myproj.wsgi\nchdir = %s\n" % (port, os.path.join(ROOT, "tests", "apps", "djangosite")))
        file.write("static-map = /static=%s\nstatic-map = /media=%s\n" % (os.path.join(work, "static"), os.path.join(work, "media")))
    log = open(os.path.join(work, "server.log"), "wb")
    executable = os.environ.get("ONESERVE_BINARY") or os.path.join(ROOT, "artifacts", "oneserve")
    server = subprocess.Popen([executable, ini], env=dict(environment, PATH="/usr/local/bin:/usr/bin:/bin"), stdout=log, stderr=log)
    limit = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server, "http://localhost:%d" % port
        except OSError:
            if server.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("the server does not listen; its log: " + log.name)
            time.sleep(0.05)


def check_caching(browser, site):
    browser.open(site + "/")
    yield check("the script has run", browser.evaluate("document.title") == "loaded", browser.evaluate("document.title"))
    yield check("the style is in force", browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(1, 2, 3)")
    yield check("the picture is there", browser.evaluate("document.querySelector('img').naturalWidth") == 20)
    for name, coding in (("site.", "br"), ("logo.", None)):
        for status, headers, cached in browser.responses("/static/" + name):
            seen = (status, headers, cached)
            yield check("%s comes fresh, coded as %s, for a year" % (name, coding),
                        status == 200 and not cached and headers.get("content-encoding") == coding and headers["cache-control"] == YEAR, seen)
    yield check("style, script and picture were asked for", len(browser.responses("/static/")) >= 3, browser.responses("/static/"))
    browser.open("about:blank")
    browser.open(site + "/")
    again = browser.responses("/static/")
    yield check("a second visit asks for nothing static", len(again) >= 3 and all(cached for _, _, cached in again), again)
    browser.reload()
    again = browser.responses("/static/")
    yield check("nor does a reload", len(again) >= 3 and all(cached for _, _, cached in again), again)

    fetch = "fetch('/media/note.txt', { cache: %r }).then(answer => answer.text())"
    browser.events.clear()
    yield check("an upload is read", browser.evaluate(fetch % "default") == "a note\n")
    yield check("and kept a minute", browser.responses("note.txt")[0][1]["cache-control"] == "public, max-age=60", browser.responses("note.txt"))
    browser.events.clear()
    yield check("read again within the minute", browser.evaluate(fetch % "default") == "a note\n")
    yield check("it comes from the cache", [cached for _, _, cached in browser.responses("note.txt")] == [True], browser.responses("note.txt"))
    browser.events.clear()
    yield check("asked whether it has changed", browser.evaluate(fetch % "no-cache") == "a note\n")
    yield check("the answer is 304", [status for status, _, _ in browser.responses("note.txt")] == [304], browser.responses("note.txt"))


def check_film(browser, site, work):
    browser.open(site + "/")
    pictures = [webm.frame_of_webp(base64.b64decode(browser.evaluate(DRAW % (WIDTH, HEIGHT, COLOURS, i)))) for i in range(COLOURS)]
    path = os.path.join(work, "media", "film.webm")
    with open(path, "wb") as file:
        file.write(webm.film([pictures[i % COLOURS] for i in range(FRAMES)], WIDTH, HEIGHT, SHOWN))
    size = os.path.getsize(path)
    print("      a film of %d s, %.0f MB" % (FRAMES * SHOWN / 1000, size / 1e6))
    browser.events.clear()
    browser.evaluate("""new Promise((done, failed) => { document.body.innerHTML = '<video preload="metadata" src="/media/film.webm" muted></video>';
      const film = document.querySelector('video'); film.onloadeddata = done; film.onerror = () => failed(new Error(film.error.message)); })""")
    duration = browser.evaluate("document.querySelector('video').duration")
    yield check("the film's length is known", abs(duration - FRAMES * SHOWN / 1000) < 0.5, duration)
    for frame in (FRAMES - 10, 3, FRAMES // 2):
        colour = browser.evaluate(SEEK % (WIDTH, HEIGHT, (frame + 0.5) * SHOWN / 1000))
        right = browser.evaluate("(() => { const c = document.createElement('canvas').getContext('2d'); c.fillStyle = 'hsl(%f, 100%%, 50%%)'; c.fillRect(0, 0, 1, 1); "
                                 "return Array.from(c.getImageData(0, 0, 1, 1).data.slice(0, 3)); })()" % (frame % COLOURS * 360 / COLOURS))
        yield check("second %.1f shows its picture" % ((frame + 0.5) * SHOWN / 1000), all(abs(a - b) < 60 for a, b in zip(colour, right)), (colour, right))
    ranges = [(status, headers.get("content-range", "")) for status, headers, _ in browser.responses("film.webm")]
    yield check("it came in ranges", all(status == 206 for status, _ in ranges), ranges)
    starts = [int(text.split()[1].split("-")[0]) for _, text in ranges if text]
    yield check("one of them from far behind the beginning", any(start > size // 2 for start in starts), ranges)


def main():
    if chromium.find() is None:
        sys.exit("browser: Chromium is needed (apt-get install chromium)")
    work = tempfile.mkdtemp(prefix="oneserve-browser-")
    os.chmod(work, 0o755)
    server, site = start(work, prepare(work))
    browser = None
    results = [False]
    try:
        browser = chromium.Chromium(work)
        results = list(check_caching(browser, site)) + list(check_film(browser, site, work))
    finally:
        if browser is not None:
            browser.close()
        server.send_signal(signal.SIGTERM)
        server.wait(15)
        if all(results):
            shutil.rmtree(work, ignore_errors=True)
        else:
            print("browser: logs are in " + work, file=sys.stderr)
    print("%d right, %d wrong" % (sum(results), len(results) - sum(results)))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
