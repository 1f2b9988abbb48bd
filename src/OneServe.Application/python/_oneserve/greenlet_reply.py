"""Replies of greenlets: many at a time on one link (greenlets.py). Imported only where gevent is."""
import array
import os
import socket
import time

import gevent
from gevent.event import Event
from gevent.lock import Semaphore

from . import link as wire
from .reply import Reply

_GROUP = 4                      # buffers that leave together: two frames, some 2 MiB at most
_TURN = 1 << 18                 # bytes after which other greenlets, and the gateway's orders, get their turn
_ORDERS = 1 << 12
_SECOND = 10**9
_WRITE = 2                      # for gevent's loop.io


class Channel:
    """The reply link of an epoch. Frames are not torn apart by those of other replies: one greenlet writes at a time.

    obey(request, kind) is called for each order of the gateway.
    """

    def __init__(self, sock, obey):
        self.socket, self._obey = sock, obey
        self._writing, self._kept, self._since = Semaphore(), b'', 0
        sock.setblocking(False)

    def listen(self):
        """Takes the orders that have come. False: the gateway has gone."""
        while True:
            try:
                data = self.socket.recv(_ORDERS)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not data:
                return False
            orders, self._kept = wire.orders(self._kept + data)
            for request, kind in orders:
                self._obey(request, kind)

    def write(self, buffers, descriptor):
        """Writes whole frames; the calling greenlet waits until the gateway has taken them. Raises OSError when that has gone."""
        with self._writing:
            left = [memoryview(buffer) for buffer in buffers]
            rights = [] if descriptor is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [descriptor]))]
            while left:
                try:
                    sent = self.socket.sendmsg(left, rights)
                except BlockingIOError:
                    self._wait()
                    continue
                rights = []                     # they ride with the first byte
                self._since += sent
                while left and sent >= len(left[0]):
                    sent -= len(left.pop(0))
                if left:
                    left[0] = left[0][sent:]
        if self._since >= _TURN:
            self._since = 0
            self.listen()
            gevent.sleep(0)

    def _wait(self):
        watcher = gevent.get_hub().loop.io(self.socket.fileno(), _WRITE)
        try:
            gevent.get_hub().wait(watcher)
        finally:
            watcher.close()


class GreenletReply(Reply):
    """The reply of one greenlet to its one request."""

    __slots__ = ('channel', '_is_cancelled', '_goes_on')

    def __init__(self, words, line, put, forked, failure_page, request, channel):
        super().__init__(words, line, put, forked, failure_page)
        self.id, self.channel, self._is_cancelled, self._goes_on = request, channel, False, None

    def order(self, kind):
        """The gateway's word."""
        if kind == wire.PAUSE:
            self._goes_on = self._goes_on or Event()
            self._goes_on.clear()
            return
        if kind == wire.CANCEL:
            self._is_cancelled = True
        if self._goes_on is not None:
            self._goes_on.set()

    def set_limit(self, seconds):
        self._push(wire.time_limit_frame(self.id, time.monotonic_ns() + int(seconds * _SECOND) if seconds > 0 else 0))

    def cut_short(self):
        """Whether the client has left. Then the reply is over."""
        if not self.over and self._is_cancelled:
            self._abort()
            self.gone = True
        return self.gone

    _cut_short = cut_short

    def end_child(self):
        """In a process that the application forked: ends it, when it was this greenlet that did."""
        if self._forked[-1] is gevent.getcurrent():
            os._exit(0)

    def _push(self, buffers, descriptor=None):
        if self.over:
            return
        self._stay_parent()
        try:
            for start in range(0, len(buffers), _GROUP):
                if self._goes_on is not None:
                    self._goes_on.wait()
                if self._is_cancelled:
                    self.channel.write(wire.abort_frame(self.id), None)
                    self.over = self.gone = True
                    return
                self.channel.write(buffers[start:start + _GROUP], descriptor)
        except OSError:
            self.over = self.gone = True        # this gateway is dead

    def _stay_parent(self):
        if self._forked:
            self.end_child()
            raise gevent.GreenletExit           # another request's greenlet, in a child: the reply belongs to its parent
