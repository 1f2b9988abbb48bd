"""Waits for a file that a test makes when it is time to go on."""

import os
import time


def wait(path, patience=60):
    """Until the file is there. A gevent worker's other greenlets go on meanwhile."""
    until(lambda: os.path.exists(path), patience)


def until(condition, patience=60):
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("in vain waited for %d s" % patience)
        time.sleep(0.01)
