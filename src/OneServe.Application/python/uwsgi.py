"""The module `uwsgi`, as far as there is something behind it here; docs/uwsgi-module.md has the list.

It is loaded when somebody imports it, and until then nothing of it runs.
"""
import os as _os
import operator as _operator
import socket as _socket
import sys as _sys
import threading as _threading
import time as _time

from _oneserve import cache as _cache, locks as _locks, missing as _missing, options as _options, process as _process
from _oneserve import signals as _signals, title as _title, workers as _workers

SPOOL_OK, SPOOL_RETRY, SPOOL_IGNORE = -2, -1, 0

_facts = _process.facts

version_info = (2, 0, 31, 0, b'oneserve')       # of the uWSGI whose bugs libraries need not expect
version = b'2.0.31-oneserve'
hostname = _socket.gethostname().encode()
opt = _options.of(_facts.get('opt', ()))
magic_table = {key.encode(): value.encode() for key, value in _facts.get('magic', {}).items()}
numproc = _facts.get('processes', 1)
cores = _facts.get('threads', 1)
buffer_size = _facts.get('buffer-size', 65536)
started_on = int(_facts.get('started', 0))
is_a_reload = _facts.get('generation', 1) > 1
has_threads = 1
applications = loop = unbit = None

_first_lock = _facts.get('locks-descriptor')
_all_locks = [_locks.SharedLock(_first_lock, number) for number in range(_facts.get('locks', 0) + 1)] if _first_lock else []
_caches = {}
_making = _threading.Lock()     # of a cache, once: a second object of the same file would not know of the first one's lock


def __getattr__(name):
    if name == 'env':
        reply = _process.reply()
        if reply is not None:
            return reply.environ
    raise AttributeError(_missing.text('uwsgi', name))


# Processes

def masterpid():
    return _facts.get('master', 0)


def worker_id():
    """From 1; 0 in the process that imports the application for all workers."""
    return 0 if _process.worker is None else _process.worker.number


def mule_id():
    return 0


def workers():
    return _workers.described(_facts)


def total_requests():
    return _workers.total()


def request_id():
    """How many requests this worker has finished."""
    return _workers.finished()


def logsize():
    """Bytes; 0, as where the log is no file of uWSGI's own."""
    return 0


def mem():
    """Bytes of resident memory and of address space."""
    return _workers.memory('self')


def reload():
    _process.tell(b'reload')
    return True


def stop():
    _process.tell(b'stop')
    return True


def ready():
    return True if _process.worker is not None else None


def accepting():
    pass


def i_am_the_spooler():
    return None


def setprocname(name):
    _title.show(_text(name), _text(name)[:15])


def micros():
    return _time.time_ns() // 1000


# The request

def _current(what):
    reply = _process.reply()
    if reply is None:
        raise SystemError('you can call uwsgi.%s() only from the thread of a request' % what)
    return reply


def set_logvar(key, value):
    _current('set_logvar').set_variable(_text(_bytes(key)), _text(_bytes(value)))


def get_logvar(key):
    value = _current('get_logvar').get_variable(_text(_bytes(key)))
    return None if value is None else value.encode()


def set_user_harakiri(seconds):
    """The present request may go on for so long from now; 0: as long as `harakiri` says. Nothing outside of a request."""
    reply = _process.reply()
    if reply is not None:
        reply.set_limit(seconds)


def disconnect():
    """The client's answer ends here; the application goes on."""
    _current('disconnect').disconnect()


# The log

def log(message):
    _sys.stderr.write(_text(_bytes(message)) + '\n')
    _sys.stderr.flush()
    return True


# Locks

def _lock(number):
    if not 0 <= number < len(_all_locks):
        raise ValueError('Invalid lock number: there are the locks 0 to %d (option locks)' % (len(_all_locks) - 1))
    return _all_locks[number]


def lock(number=0):
    _lock(number).acquire()


def unlock(number=0):
    _lock(number).release()


def is_locked(number=0):
    return _lock(number).is_held()


# Signals

def register_signal(number, target, handler):
    _signals.register(number, target, handler)


def signal(number):
    _signals.send(number)


def signal_registered(number):
    return True if number in _signals.handlers else None


def add_timer(number, seconds):
    _signals.add_timer(number, seconds)


def add_rb_timer(number, seconds, iterations=0):
    _signals.add_timer(number, seconds, iterations)


def add_cron(number, minute, hour, day, month, weekday):
    _signals.add_cron(number, minute, hour, day, month, weekday)
    return True


def add_file_monitor(number, path):
    _signals.add_file(number, path)


# Caches

def _cache_of(name):
    """The cache of this name, the first one for None; None when there is none, as in uWSGI."""
    name = None if name is None else _text(_bytes(name))
    if name is not None and '@' in name:
        raise NotImplementedError('caches of other servers cannot be reached: use Redis or memcached for what several machines share')
    found = _caches.get(name)
    if found is None:
        for row in _facts.get('caches', ()):
            if name is None or row[1] == name:
                with _making:
                    found = _caches.get(row[1]) or _cache.Cache(*row)
                    _caches[row[1]] = _caches[name] = found
                break
        else:
            _process.warn('there is no cache%s: write cache2 = name=%s,items=1000' % (' ' + name if name else '', name or 'default'))
    return found


def _forget_making():
    """A child of the application's: whoever held it is not in it."""
    global _making
    _making = _threading.Lock()


_os.register_at_fork(after_in_child=_forget_making)


def _found(happened):
    return True if happened else None


def cache_get(key, cache=None):
    found = _cache_of(cache)
    return found and found.get(_bytes(key))


def cache_exists(key, cache=None):
    return _found(cache_get(key, cache) is not None)


def cache_set(key, value, expires=0, cache=None):
    found, key, value = _cache_of(cache), _bytes(key), _bytes(value)
    return _found(found and found.put(key, value, expires, False))


def cache_update(key, value, expires=0, cache=None):
    found, key, value = _cache_of(cache), _bytes(key), _bytes(value)
    return _found(found and found.put(key, value, expires, True))


def cache_del(key, cache=None):
    found = _cache_of(cache)
    return _found(found and found.remove(_bytes(key)))


def cache_clear(cache=None):
    found = _cache_of(cache)
    if found:
        found.clear()
    return _found(found)


def cache_keys(cache=None):
    found = _cache_of(cache)
    if not found:
        raise ValueError('no local uWSGI cache available')
    return found.keys()


def cache_inc(key, amount=1, expires=0, cache=None):
    return _change(key, _operator.add, amount, expires, cache)


def cache_dec(key, amount=1, expires=0, cache=None):
    return _change(key, _operator.sub, amount, expires, cache)


def cache_mul(key, amount=2, expires=0, cache=None):
    return _change(key, _operator.mul, amount, expires, cache)


def cache_div(key, amount=2, expires=0, cache=None):
    return _change(key, _divided, amount, expires, cache)


def cache_num(key, cache=None):
    found = _cache_of(cache)
    return found.number(_bytes(key)) if found else 0


def _change(key, operation, amount, expires, cache):
    found, amount = _cache_of(cache), _operator.index(amount)
    return _found(found and found.change(_bytes(key), lambda number: operation(number, amount), expires))


def _divided(number, by):
    quotient = abs(number) // abs(by)           # towards zero, as C does
    return quotient if (number < 0) == (by < 0) else -quotient


# Text and bytes

def _bytes(value):
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError("a bytes-like object is required, not '%s'" % type(value).__name__)


def _text(value):
    return value if isinstance(value, str) else bytes(value).decode('utf-8', 'replace')
