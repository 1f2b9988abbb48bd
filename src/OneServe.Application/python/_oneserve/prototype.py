"""The prototype process: imports the application once and forks the workers from it, as the master orders."""
import gc
import glob
import os
import sys
import threading
import time
import traceback
import warnings

from . import failure_page, greenlets, lifeline, link as wire, loader, modules, process, title, worker
from .framework import framework

_CONTROL, _LIFELINE = 3, 5
_fork, _waitpid = os.fork, os.waitpid   # gevent's own see to other things


def main(config, role=None):
    os.set_inheritable(_CONTROL, False)
    control = wire.adopt(_CONTROL)
    process.facts, process.tell = config.get('uwsgi', process.facts), control.send
    for descriptor in process.facts.get('descriptors', ()):
        os.set_inheritable(descriptor, False)
    try:
        (role or Prototype)(config, control).run()
    except loader.LoadError as error:
        _end(control, error.message())
    except BaseException:
        _end(control, loader.LoadError('internal', traceback.format_exc()).message())


def _end(control, message):
    try:
        control.send(message)
    except OSError:
        sys.stderr.write(message.decode('utf-8', 'replace') + '\n')
    worker.flush()
    os._exit(loader.EXIT_CODE)


class Prototype:
    def __init__(self, config, control):
        self._config, self._control, self._app = config, control, None

    def run(self):
        self._lifeline = lifeline.arm(_LIFELINE)
        worker.reset_signals()
        worker.show_stacks()
        title.show(title.of(self._config, 'oneserve: prototype'), 'oneserve proto')
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, 'reconfigure'):
                stream.reconfigure(line_buffering=True)     # a log is read while it is written
        self._limit()
        self._set_paths()
        self._report_ready()
        while True:
            data, descriptors = wire.receive(self._control)
            verb, *arguments = data.split()[:5] or [b'exit']
            if verb == b'fork':
                self._fork(*map(int, arguments), descriptors)
            elif verb == b'exit':               # or the master has gone
                worker.flush()
                os._exit(0)

    def _report_ready(self):
        greenlets.prepare(self._config)
        failure_page.choose(self._config)
        watched = self._config.get('watch-modules')
        if watched:
            modules.begin(self._config, self._control.send)
        try:
            facts = self._load()
        except loader.LoadError as error:
            if watched:
                modules.report(self._config, self._control.send, error)
            raise
        if watched:
            modules.report(self._config, self._control.send)
        self._send('ready', '\n'.join('%s=%s' % fact for fact in facts.items() if fact[1]))

    def _limit(self):
        """limit-as is for Python alone: the other processes reserve address space that they never use."""
        megabytes = self._config.get('limit-as')
        if megabytes:
            import resource
            try:
                resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
            except (OSError, ValueError) as error:
                self._send('warn', 'limit-as has no effect: %s' % error)

    def _set_paths(self):
        directory = self._config.get('chdir')
        if directory:
            try:
                os.chdir(directory)
            except OSError as error:
                raise loader.LoadError('chdir', 'cannot change to the directory %s: %s' % (directory, error.strerror))
        sys.argv = ['oneserve', *self._config.get('pyargv', '').split()]
        if sys.path[:1] == ['']:
            del sys.path[0]                     # of -c: whatever the current directory is by then
        sys.path.insert(0, os.getcwd())
        for pattern in self._config.get('pythonpath', ()):
            for entry in sorted(glob.glob(pattern)) or [pattern]:
                sys.path.insert(0, entry)

    def _load(self):
        """Imports the application, unless each worker is to; returns what is told of it."""
        began = time.monotonic()
        for entry in self._config.get('shared-import', ()):
            loader.load_import(entry)
        facts = {'python': '%d.%d.%d' % sys.version_info[:3], 'executable': sys.executable, 'application': loader.name(self._config)}
        if not self._config.get('lazy-apps'):
            loaded = loader.load(self._config)
            if loaded.problem:
                self._send('warn', loaded.problem)
            self._app = loaded.app
            facts['application'], facts['framework'] = loaded.name, framework(loaded.app)
            self._warn_of_threads()
            gc.collect()
            gc.freeze()                         # what exists now is shared by all workers: a collection must not write to it
        facts['seconds'] = '%.3f' % (time.monotonic() - began)
        return facts

    def _warn_of_threads(self):
        names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
        if names:
            self._send('warn', 'the application has started threads while it was imported (%s). They do not exist in the workers, '
                       'which are forked from this process, and locks they hold stay locked there: start them later, or set '
                       'lazy-apps = true' % ', '.join(names))

    def _fork(self, line, slots, epoch, number, descriptors):
        """Forks twice: the middle process tells the pid and exits, so the worker becomes the master's child (its subreaper).

        The pid is sent before the exit: no exit status of the worker can reach the master before its pid.
        """
        try:
            middle = _fork_quietly()
        except OSError as error:
            self._refuse(number, error)
            middle = None
        if middle == 0:
            try:
                pid = _fork_quietly()
                if pid == 0:
                    os.close(self._lifeline)
                    self._control.close()
                    worker.main(self._config, self._app, line, slots, epoch, number, descriptors)
                self._control.send(b'pid %d %d' % (line, pid))
            except OSError as error:
                self._refuse(number, error)
            os._exit(0)
        for descriptor in descriptors:          # the worker's control socket too: without a worker, the master reads its end
            os.close(descriptor)
        if middle is not None:
            try:
                _waitpid(middle, 0)
            except ChildProcessError:
                pass                            # the application ignores SIGCHLD: the kernel has reaped it

    def _refuse(self, number, error):
        self._send('warn', 'worker %d cannot be forked: %s' % (number, error.strerror))

    def _send(self, verb, text):
        try:
            self._control.send(wire.message(verb, text))
        except ConnectionError:
            pass                                # the master has gone: the end of the socket is read next


def _fork_quietly():
    with warnings.catch_warnings():             # Python 3.12 warns of threads here; we have, in words that help
        warnings.simplefilter('ignore', DeprecationWarning)
        return _fork()
