"""When a worker has served its time: after so many requests, or with too much memory (docs/reliability.md, "Recycling")."""
import os
import time

from . import link as wire

NEVER = 1 << 62
_MEGABYTE = 1 << 20
_PAGE = os.sysconf('SC_PAGE_SIZE')


class Wear:
    """Slots ask it now and then, between two requests; it tells the master once, which forks the successor."""

    def __init__(self, worker, config, number):
        limits = config.get('worker-requests')
        self._requests = limits[min(number, len(limits)) - 1] if limits else NEVER
        self._resident = config.get('reload-on-rss', 0) * _MEGABYTE or NEVER
        self._space = config.get('reload-on-as', 0) * _MEGABYTE or NEVER
        self._watches_memory = self._resident != NEVER or self._space != NEVER
        self._not_before = time.monotonic() + config.get('min-worker-lifetime', 0)
        self._worker = worker
        self._told = not limits and not self._watches_memory
        self._before = self._served()

    def next_look(self, count):
        """The count of its own requests at which a slot that has answered `count` is to ask."""
        if self._told:
            return NEVER
        if self._watches_memory:
            return count + 1
        return count + max(1, (self._requests - (self._served() - self._before)) // self._worker.slots)

    def look(self, count):
        """Asked at that count; returns the next one."""
        if not self._told and time.monotonic() >= self._not_before:
            served = self._served() - self._before
            if served >= self._requests:
                self._tell(b'requests', served)
            elif self._watches_memory:
                try:
                    space, resident = self._memory()
                except OSError:                 # no descriptor free: at the next request
                    return self.next_look(count)
                if resident >= self._resident:
                    self._tell(b'rss', resident // _MEGABYTE)
                elif space >= self._space:
                    self._tell(b'as', space // _MEGABYTE)
        return self.next_look(count)

    def _tell(self, why, amount):
        self._told = True
        self._worker.tell(b'worn %s %d' % (why, amount))

    def _served(self):
        words, line = self._worker.words, self._worker.line
        return sum(words[(line + slot) * wire.WORDS + wire.FINISHED] for slot in range(self._worker.slots))

    @staticmethod
    def _memory():
        """Bytes of address space and of resident memory (proc(5), statm)."""
        with open('/proc/self/statm') as file:
            space, resident = file.read().split()[:2]
        return int(space) * _PAGE, int(resident) * _PAGE
