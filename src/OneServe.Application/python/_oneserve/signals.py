"""uWSGI's signals: numbers with handlers, raised by the application, by timers, at times of the day, or when a file changes.

The master has the schedule and chooses the worker (docs/protocol.md, "Signals"); a worker runs its handlers one after the other
in a thread of its own, beside the requests.
"""
import threading
import traceback
from queue import SimpleQueue

from . import process

_MOST = 256                     # numbers are bytes
_LONGEST = 10 * 365 * 24 * 60 * 60              # seconds
_SOMEBODY, _ALL = ('', 'worker', 'worker0'), ('workers', 'active-workers')
_ELSEWHERE = ('mule', 'spooler', 'farm_')       # processes that are not there

handlers = {}                   # number -> function(number)
_due = SimpleQueue()
_runner = None


def register(number, target, handler):
    _check(number)
    if not callable(handler):
        raise TypeError('a handler is called with the number of its signal: %r cannot be' % (handler,))
    where = _where(target)
    handlers[number] = handler
    process.tell(b'handler %d %s' % (number, where.encode()))
    if process.worker is not None:
        listen()


def _where(target):
    target = target.decode('latin-1') if isinstance(target, bytes) else target
    if target in _SOMEBODY:
        return 'one'
    if target in _ALL:
        return 'all'
    if target.startswith('worker') and target[6:].isdigit():
        return str(int(target[6:]))
    if target.startswith(_ELSEWHERE):
        process.warn('a signal is for %s; there is none here, so one of the workers runs its handler, in a thread of its own' % target)
        return 'one'
    raise ValueError('%r is nobody who runs handlers: leave the target empty (one worker does), or write workers (each does) or worker2'
                     % target)


def send(number):
    _check(number)
    process.tell(b'signal %d' % number)


def add_timer(number, seconds, count=0):
    """Every so many seconds; count: so often (0: for ever)."""
    _check(number)
    if not 1 <= seconds <= _LONGEST or count < 0:
        raise ValueError('a timer has whole seconds from 1 on')
    process.tell(b'timer %d %d %d' % (number, seconds, count))


def add_cron(number, *when):
    """when: minute, hour, day, month, weekday; -1: any, -n: those that n divides."""
    _check(number)
    for value, (name, most) in zip(when, (('minute', 59), ('hour', 23), ('day', 31), ('month', 12), ('weekday', 7))):
        if not -most - 1 <= value <= most:
            raise ValueError('%d is no %s: 0 to %d, -1 for any, -n for every n' % (value, name, most))
    process.tell(b'cron %d %d %d %d %d %d' % (number, *when))


def add_file(number, path):
    _check(number)
    process.tell(b'watch %d\n%s' % (number, path if isinstance(path, bytes) else path.encode()))


def free_number():
    """A number that has no handler."""
    for number in range(_MOST):
        if number not in handlers:
            return number
    raise RuntimeError('all %d signals have handlers' % _MOST)


def _check(number):
    if not 0 <= number < _MOST:
        raise ValueError('signals have the numbers 0 to 255, not %d' % number)


def listen():
    """Has this worker hear of signals from now on."""
    global _runner
    process.worker.listen(_due.put)
    if _runner is None:
        _runner = threading.Thread(target=_run, name='oneserve-signals')
        _runner.start()


def end():
    """The worker ends: what is running is finished, for as long as the master lets it; what is due is left."""
    if _runner is not None:
        _due.put(None)
        _runner.join()


def _run():
    worker = process.worker
    for number in iter(_due.get, None):
        if not worker.ending:
            handler = handlers.get(number)
            try:
                if handler is not None:
                    handler(number)
            except BaseException:
                traceback.print_exc()
        process.tell(b'handled %d' % number)
