"""The module `uwsgidecorators`; docs/uwsgi-module.md says what stands behind each name."""
import functools as _functools
import threading as _threading

import uwsgi
from _oneserve import missing as _missing, process as _process, signals as _signals

postfork_chain = []


def __getattr__(name):
    raise AttributeError(_missing.text('uwsgidecorators', name))


def get_free_signal():
    return _signals.free_number()


def postfork_chain_hook():
    for function in postfork_chain:
        function()


uwsgi.post_fork_hook = postfork_chain_hook


def postfork(wid=0, **_):
    """Calls the function in each worker before its first request; @postfork(2): in worker 2 alone."""
    if callable(wid):
        postfork_chain.append(wid)
        return wid

    def decorate(function):
        @_functools.wraps(function)
        def in_that_worker():
            return function() if wid in (0, uwsgi.worker_id()) else None
        postfork_chain.append(in_that_worker)
        return function
    return decorate


class signal:
    def __init__(self, num, target='', **kwargs):
        self.num, self.target = num, kwargs.get('target', target)

    def __call__(self, function):
        uwsgi.register_signal(self.num, self.target, function)
        return function


class _raised:
    """A handler with a number of its own, unless `signum` gives one."""

    def __init__(self, *when, signum=None, target=''):
        self.when, self.num, self.target = when, signum, target

    def __call__(self, function):
        number = get_free_signal() if self.num is None else self.num
        uwsgi.register_signal(number, self.target, function)
        self._schedule(number, *self.when)
        return function


class timer(_raised):
    def __init__(self, secs, **kwargs):
        super().__init__(secs, **kwargs)

    _schedule = staticmethod(uwsgi.add_timer)


class rbtimer(timer):
    _schedule = staticmethod(uwsgi.add_rb_timer)


class cron(_raised):
    def __init__(self, minute, hour, day, month, dayweek, **kwargs):
        super().__init__(minute, hour, day, month, dayweek, **kwargs)

    _schedule = staticmethod(uwsgi.add_cron)


class filemon(_raised):
    def __init__(self, fsobj, **kwargs):
        super().__init__(fsobj, **kwargs)

    _schedule = staticmethod(uwsgi.add_file_monitor)


def thread(function):
    """Each call runs in a thread of its own, which ends with the process."""
    @_functools.wraps(function)
    def start(*args, **kwargs):
        running = _threading.Thread(target=function, args=args, kwargs=kwargs, daemon=True)
        running.start()
        return running
    return start


def lock(function):
    """One call at a time in all workers together."""
    @_functools.wraps(function)
    def locked(*args, **kwargs):
        uwsgi.lock()
        try:
            return function(*args, **kwargs)
        finally:
            uwsgi.unlock()
    return locked


class harakiri:
    """The request may go on for so many seconds from the call on."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __call__(self, function):
        @_functools.wraps(function)
        def limited(*args, **kwargs):
            uwsgi.set_user_harakiri(self.seconds)
            try:
                return function(*args, **kwargs)
            finally:
                uwsgi.set_user_harakiri(0)
        return limited


def _refused(name, kind):
    """A decorator that a module may be imported with; what it would do is refused when it is asked for."""
    def decorate(*args, **_):
        if len(args) == 1 and callable(args[0]):
            return _asked(args[0], kind)
        return lambda function: _asked(function, kind)
    decorate.__name__ = decorate.__qualname__ = name
    return decorate


def _asked(function, kind):
    @_functools.wraps(function)
    def refuse(*_, **__):
        raise NotImplementedError(_missing.text('uwsgi', kind))
    refuse.spool = refuse.delay = refuse
    return refuse


spool, spoolraw, spoolforever = (_refused(name, 'spool') for name in ('spool', 'spoolraw', 'spoolforever'))
mulefunc = _refused('mulefunc', 'mule_msg')
rpc = _refused('rpc', 'rpc')


def _never(name):
    """For loops and messages of processes that are not there: the function stays what it is, and nobody runs it."""
    def decorate(*args, **_):
        _process.warn('uwsgidecorators.%s: %s' % (name, _missing.text('uwsgi', 'mule_msg')))
        return args[0] if len(args) == 1 and callable(args[0]) else lambda function: function
    decorate.__name__ = decorate.__qualname__ = name
    return decorate


mule, muleloop, mulemsg, mulemsg_loop, farm, farm_loop = map(_never, ('mule', 'muleloop', 'mulemsg', 'mulemsg_loop', 'farm', 'farm_loop'))
