"""`oneserve check --load`: imports the application as the prototype process does, says how it went, and ends."""
import os

from . import greenlets, prototype, worker


def main(config):
    config.pop('lazy-apps', None)
    prototype.main(config, Rehearsal)


class Rehearsal(prototype.Prototype):
    def run(self):
        self._set_paths()
        greenlets.prepare(self._config)
        self._load()
        self._send('ready', '')
        worker.flush()
        os._exit(0)
