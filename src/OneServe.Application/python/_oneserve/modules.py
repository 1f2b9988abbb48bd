"""Which files the loaded modules come from, for `py-autoreload`: the master watches them (docs/development.md)."""
import importlib.machinery
import importlib.util
import os
import sys
import time
import types

from .loader import failed

_STANDARD = os.path.join(os.path.dirname(os.__file__), '')      # the standard library: nobody works on it here
_LIBRARIES = (os.sep + 'site-packages' + os.sep, os.sep + 'dist-packages' + os.sep)
_MESSAGE = 16384                # bytes of paths in one message
_YOUNG = 2.0                    # seconds

_seen = set()                   # names of modules that have been looked at; a worker goes on from what the prototype has told
_told = set()                   # paths, and names


def begin(config, send):
    """Once, in the prototype, before anything is imported: top-level modules that do not exist yet may lie in these directories."""
    _distrust_young_bytecode()
    roots = [os.path.join(os.path.abspath(entry), '') for entry in [os.getcwd(), *config.get('pythonpath', ())] if os.path.isdir(entry)]
    _tell(send, b'modules', roots)


def report(config, send, error=None, late=False):
    """Tells the master of all modules that have been loaded since the last time, and of the files in which error was raised.

    late: by a worker.
    """
    ignored, paths, own = [], [], []
    names = [name for name in list(sys.modules) if name not in _seen]
    _seen.update(names)
    for name in names:
        path = _file(sys.modules.get(name))
        if path is not None:
            (ignored if _is_ignored(name, config) else paths).append(path)
            if not _is_library(path):
                own.append(name)
    for name in config.get('ignore-modules', ()):
        ignored += _places(name)
    paths += _files_of(error)
    directories = {os.path.join(os.path.dirname(path), '') for path in paths if not _is_library(path)}
    _tell(send, b'ignored', ignored)
    _tell(send, b'modules', paths + sorted(directories))
    if late:
        _tell(send, b'late', own)


def load_again(config):
    """Loads what requests had loaded before the reload: a mistake in it is to be known before the new code takes over.

    A module that cannot be loaded for another reason than an edited file is left out: it may be one that nobody needs any longer.
    """
    edited = {os.path.realpath(path) for path in config.get('edited', ())}
    for name in config.get('load-again', ()):
        try:
            if name not in sys.modules and importlib.util.find_spec(name) is not None:
                importlib.import_module(name)
        except BaseException as error:
            if edited.intersection(map(os.path.realpath, _files_of(error))):
                raise failed(name, error) from None


class Reports:
    """Stands before a worker's Wear: after each request it looks for modules that the request has loaded."""

    def __init__(self, wear, config, tell):
        self._wear, self._config, self._tell = wear, config, tell
        self._known = len(sys.modules)

    def next_look(self, count):
        return min(self._wear.next_look(count), count + 1)

    def look(self, count):
        if len(sys.modules) != self._known:
            self._known = len(sys.modules)
            report(self._config, self._tell, late=True)
        self._wear.look(count)
        return count + 1


def _file(module):
    """The source of a module, or what it is loaded from; None: no file, or the standard library's."""
    try:
        # Not getattr: a module that is loaded when it is used first would be, or answers whatever it is asked.
        found = object.__getattribute__(module, '__dict__').get('__file__')
    except AttributeError:
        return None
    if not isinstance(found, str):
        return None
    if found.endswith('.pyc'):
        found = found[:-1]
    found = os.path.abspath(found)
    return None if _is_standard(found) or not os.path.isfile(found) else found


def _is_standard(path):
    return path.startswith(_STANDARD) and not _is_library(path)


def _is_library(path):
    return any(part in path for part in _LIBRARIES)


def _is_ignored(name, config):
    return any(name == entry or name.startswith(entry + '.') for entry in config.get('ignore-modules', ()))


def _places(name):
    """The file of a module that is perhaps not loaded, and the directory of a package; its parent is not imported for it."""
    parent = name.rpartition('.')[0]
    try:
        spec = importlib.util.find_spec(name) if not parent or parent in sys.modules else None
    except (ImportError, AttributeError, ValueError):
        return []
    if spec is None:
        return []
    places = [os.path.join(os.path.abspath(place), '') for place in spec.submodule_search_locations or ()]
    return places + [os.path.abspath(spec.origin)] if spec.has_location else places


def _files_of(error):
    """The files that an exception, and what led to it, came through; that of a SyntaxError is no frame's."""
    paths, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        # What says where the reason lies, if not the stack: a text that is no Python, a module that has not what another one wants of it.
        if isinstance(error, SyntaxError):
            paths.append(error.filename)
        elif isinstance(error, ImportError):
            paths.append(error.path)
        elif isinstance(getattr(error, 'obj', None), types.ModuleType):     # AttributeError, since 3.10
            paths.append(_file(error.obj))
        trace = error.__traceback__
        while trace is not None:
            paths.append(trace.tb_frame.f_code.co_filename)
            trace = trace.tb_next
        error = error.__cause__ or error.__context__
    paths = [os.path.abspath(path) for path in paths if path and os.path.isfile(path)]
    return [path for path in paths if not _is_standard(path)]


def _tell(send, verb, paths):
    """In as many messages as needed. A path that is no UTF-8 text, or has a line feed, cannot be told."""
    message = verb
    for path in paths:
        if path in _told or '\n' in path:
            continue
        _told.add(path)
        try:
            line = b'\n' + path.encode()
        except UnicodeEncodeError:
            continue
        if len(message) + len(line) > _MESSAGE:
            send(message)
            message = verb
        message += line
    if message != verb:
        send(message)


def _distrust_young_bytecode():
    """A source that was saved a moment ago is neither read from its bytecode nor is that written.

    Bytecode is taken for that of a source whose time, in whole seconds, and size are the same: of a file that is saved twice in a
    second, as large as before, the older text would run.
    """
    loader = importlib.machinery.SourceFileLoader
    usual = loader.path_stats

    def path_stats(self, path):
        stats = usual(self, path)
        if time.time() - stats['mtime'] < _YOUNG:
            raise OSError('younger than its bytecode can tell')
        return stats

    loader.path_stats = path_stats
