"""Locks between the processes of a server: record locks (fcntl(2)) on bytes of a file that all of them have.

A record lock belongs to a process and goes with it, however it ends: nobody has to clean up after a worker that was killed.
Between the threads of one process a lock of Python's decides first.
"""
import errno
import fcntl
import os
import struct
import threading
import time
import weakref

_RETRY = 0.01                   # seconds
_flock = struct.Struct('@hhqqi4x')              # struct flock: type, whence, start, length, pid

_all = weakref.WeakSet()


class SharedLock:
    """One byte of the file. Not reentrant, as uWSGI's; any thread of the process that holds it may give it back."""

    def __init__(self, descriptor, at):
        self._descriptor, self._at = descriptor, at
        self._forget()
        _all.add(self)

    def _forget(self):
        self._mutex, self._held = threading.Lock(), False

    def acquire(self, how=fcntl.LOCK_EX):
        self._mutex.acquire()
        try:
            self._wait(how)
            self._held = True
        finally:
            if not self._held:
                self._mutex.release()

    def _wait(self, how):
        while True:
            try:
                fcntl.lockf(self._descriptor, how, 1, self._at)
                return
            except OSError as error:
                # The kernel looks for circles of processes; with threads such a circle need not be a deadlock.
                if error.errno != errno.EDEADLK:
                    raise
                time.sleep(_RETRY)

    def release(self):
        """Gives it back; nothing when this process does not hold it."""
        if self._held:
            self._held = False
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, self._at)
            self._mutex.release()

    def is_held(self):
        """Whether any process holds it."""
        if self._held:
            return True
        answer = fcntl.fcntl(self._descriptor, fcntl.F_GETLK, _flock.pack(fcntl.F_WRLCK, os.SEEK_SET, self._at, 1, 0))
        return _flock.unpack(answer)[0] != fcntl.F_UNLCK

    def __enter__(self):
        self.acquire()

    def __exit__(self, *_):
        self.release()


def _forget_all():
    """A child of the application's has no record locks, and nobody in it gives back what a thread of its parent held."""
    for lock in list(_all):
        lock._forget()


os.register_at_fork(after_in_child=_forget_all)
