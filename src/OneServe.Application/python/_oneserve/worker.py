"""A worker process: its slots, how it joins the epochs of the gateway, and its end."""
import atexit
import faulthandler
import io
import mmap
import os
import signal
import sys
import threading
import time
import traceback
from queue import SimpleQueue

from . import failure_page, greenlets, hooks, lifeline, link as wire, loader, modules, process, title, wear, wsgi

_STACK_SIGNAL = 50              # a real-time signal that nobody else is likely to use; the master sends it
_THREADS_GRACE = 3.0            # seconds for the application's own threads at the end; a stop has 8 in all


class Worker:
    """config: as the prototype got it; app: None when it is still to be loaded (lazy-apps).

    descriptors: control, lifeline, scoreboard, rings, bodies, wake, queue, a link for each slot.
    """

    def __init__(self, config, app, line, slots, epoch, number, descriptors):
        self.app, self.line, self.slots, self.epoch, self.number = app, line, slots, epoch, number
        self.processes = config.get('processes', 1)
        self.patience = config.get('request-queue-timeout', 0) * 10**9 or 1 << 63     # ns that a request may have waited
        self.leaving = self.ending = False
        self.failure_page = failure_page.chosen
        self.forked = []                        # not empty in children that the application forks
        self._config, self._lock, self._answers, self.signalled = config, threading.Lock(), None, None
        control, life, board, rings, bodies, self.wake, *sockets = descriptors
        self._lifeline = lifeline.arm(life)
        self._control = wire.adopt(control)
        self.board = memoryview(mmap.mmap(board, wire.BOARD))
        self.words = self.board.cast('Q')
        self.rings = [mmap.mmap(rings, wire.RING, offset=(line + slot) * wire.RING) for slot in range(slots)]
        self.bodies = mmap.mmap(bodies, 0, access=mmap.ACCESS_READ)
        for descriptor in (board, rings, bodies):
            os.close(descriptor)
        self._take(sockets)
        for slot in range(slots):
            at = (line + slot) * wire.WORDS
            self.words[at + wire.DONE] = self.words[at + wire.TAKEN]    # idle; and no page fault in the kernel's first note
            self.words[at + wire.OWNER] = process.facts.get('generation', 0) << 32 | number
            self.words[at + wire.PID] = os.getpid()
        self.wear = wear.Wear(self, config, number)
        process.worker, process.tell = self, self.tell

    def tell(self, message):
        """Says something to the master, from any thread; nothing when it has gone."""
        try:
            self._control.send(message)
        except OSError:
            pass

    def listen(self, signalled):
        """Takes what the master says as it comes from now on, and calls signalled(number) for each signal; in a thread, once."""
        self.signalled = signalled
        if self._config.get('gevent'):
            return                              # the hub hears the master anyway
        with self._lock:
            if self._answers is None:
                self._answers = SimpleQueue()
                threading.Thread(target=self._hear, args=(signalled,), name='oneserve-master', daemon=True).start()

    def _hear(self, signalled):
        data = b' '
        while data:
            try:
                data, descriptors = wire.receive(self._control)
            except OSError:
                data, descriptors = b'', []     # the master has gone
            if data.startswith(b'signal '):
                signalled(int(data[7:]))
            else:
                self._answers.put((data, descriptors))

    def run(self):
        """Serves until the end; returns the exit code."""
        watched = self._config.get('watch-modules')
        try:
            if self.app is None:
                loaded = loader.load(self._config)
                if loaded.problem:
                    sys.stderr.write(loaded.problem + '\n')
                self.app = loaded.app
            modules.load_again(self._config)
        except loader.LoadError as error:
            if watched:
                modules.report(self._config, self.tell, error, late=True)
            self._control.send(error.message())
            return loader.EXIT_CODE
        if watched:
            modules.report(self._config, self.tell, late=True)
            self.wear = modules.Reports(self.wear, self._config, self.tell)
        os.register_at_fork(after_in_child=lambda: self.forked.append(True))
        hooks.start()
        if self._config.get('gevent'):
            return greenlets.serve(self, self._config, self._control)
        go = threading.Event()                  # no request before "ready", and no "ready" before all threads are there
        threads = [threading.Thread(target=self._slot, args=(slot, go), name='oneserve-slot-%d' % slot)
                   for slot in range(1, self.slots)]
        for thread in threads:
            thread.start()
        self._control.send(b'ready')
        go.set()
        self._slot(0, go)
        for thread in threads:
            thread.join()
        return 0

    def _slot(self, slot, go):
        """A slot that fails costs itself: the others go on until the successor is there."""
        go.wait()
        try:
            wsgi.serve(self, slot)
        except BaseException:
            if self.forked:
                os._exit(1)
            traceback.print_exc()
            self.tell(b'worn slots 1')

    def rejoin(self, seen):
        """A slot has read the end of its queue, of epoch `seen`. Returns whether it goes on, with self's new queue and links.

        The first slot that comes asks the master, the others wait here and find the answer.
        """
        with self._lock:
            if self.leaving or self.epoch != seen:
                return not self.leaving
            try:
                self._control.send(b'eof %d' % seen)
                data, descriptors = wire.receive(self._control) if self._answers is None else self._answers.get()
            except OSError:
                data = b''
            if not data.startswith(b'join '):
                self.leaving = True             # "exit", or the master has gone
                return False
            self.join(int(data[5:]), descriptors)
            return True

    def join(self, epoch, sockets):
        """Takes the queue and the links of an epoch. The old sockets close when the last slot has let go of them."""
        self._take(sockets)
        self.epoch = epoch

    def _take(self, sockets):
        self.queue, *self.links = map(wire.adopt, sockets)


def reset_signals():
    """The master speaks by sockets; a signal that someone sends ends a worker at once and raises nothing inside a request."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)


def show_stacks():
    """A fatal signal shows where Python was; so does the signal that the master sends to the thread of a request that runs too long.

    The handlers are C: they work while the thread is in C itself and holds the interpreter's lock.
    """
    faulthandler.enable(file=2, all_threads=False)
    faulthandler.register(_STACK_SIGNAL, file=2, all_threads=False, chain=False)


def main(config, app, line, slots, epoch, number, descriptors):
    """The life of a worker, just forked from the prototype. Never returns."""
    code = 1
    try:
        os.setsid()
        reset_signals()
        show_stacks()
        title.show(title.of(config, 'oneserve: worker %d' % number), 'oneserve w%d' % number)
        bind(number, config.get('cpu-affinity', 0))
        greenlets.after_fork(config)
        code = Worker(config, app, line, slots, epoch, number, descriptors).run()
        hooks.end()
        _end_threads()
        atexit._run_exitfuncs()
    except BaseException:
        traceback.print_exc()
    finally:
        flush()
        # Not through the interpreter's own end: it may crash or hang while threads of C libraries still run.
        os._exit(code)


def bind(number, count):
    """Binds the worker to `count` CPUs of those that it may use: the first worker to the first of them, the next one to the next."""
    if count:
        cpus = sorted(os.sched_getaffinity(0))
        try:
            os.sched_setaffinity(0, {cpus[((number - 1) * count + i) % len(cpus)] for i in range(count)})
        except OSError as error:
            sys.stderr.write('worker %d is not bound to a CPU (cpu-affinity): %s\n' % (number, error.strerror))


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError, io.UnsupportedOperation):
            pass


def _end_threads():
    """What the interpreter does first at its end, but with a limit: tells executors to stop and waits for non-daemon threads."""
    deadline = time.monotonic() + _THREADS_GRACE

    def wait():
        for call in reversed(getattr(threading, '_threading_atexits', ())):    # since 3.9: concurrent.futures
            call()
        for thread in threading.enumerate():
            if not thread.daemon and thread is not threading.main_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    waiter = threading.Thread(target=wait, name='oneserve-end', daemon=True)
    waiter.start()
    waiter.join(_THREADS_GRACE)
