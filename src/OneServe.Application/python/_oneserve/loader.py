"""Finds the application: `module` (`pkg.mod`, `pkg.mod:callable`, `pkg.mod:factory()`), `callable`, `wsgi-file`, `mount`.

Every way to fail has its own kind and says the way out; an exception inside the application is never taken for an application
that could not be found.
"""
import importlib
import importlib.machinery
import importlib.util
import os
import sys

from . import hints, link as wire
from .mounts import Mounts, normal
from .report import has_foreign_frames, traceback_text

EXIT_CODE = 22                  # of a process whose application could not be loaded
_DEFAULT = 'application'
_COROUTINE = 0x80 | 0x200       # CO_COROUTINE | CO_ASYNC_GENERATOR, without importing inspect


class LoadError(Exception):
    """kind is one of docs/protocol.md's; text is for the person at the terminal."""

    def __init__(self, kind, text):
        super().__init__(kind, text)
        self.kind, self.text = kind, text

    def message(self):
        return wire.message('failed ' + self.kind, self.text)


class Loaded:
    """app is to be called; name is for the banner; problem says why app only stands in for one that could not be loaded."""

    def __init__(self, app, name, problem=None):
        self.app, self.name, self.problem = app, name, problem


def name(config):
    """What the configuration calls the application."""
    main = '%s:%s' % (_target(config)[0] or config['wsgi-file'], _target(config)[1]) if _has_main(config) else None
    return ', '.join(([main] if main else []) + ['%s on %s' % (target, prefix or '/') for prefix, target in _mounts(config)])


def load(config):
    """Imports the application. Raises LoadError; with need-app = false returns a stand-in instead."""
    try:
        for entry in config.get('import', ()):
            load_import(entry)
        apps, files = {}, {}
        if _has_main(config) or not config.get('mount'):
            module, attribute = _target(config)
            path = None if module else config.get('wsgi-file')
            apps.update(_applications(_load_file(path, files) if path else _import(module), attribute, _names_callable(config)))
        for prefix, target in _mounts(config):
            apps[prefix] = _mounted(target, config, files)
        managed = config.get('manage-script-name', False)
        return Loaded(apps[''] if list(apps) == [''] else Mounts(apps, managed), name(config))
    except LoadError as error:
        if config.get('need-app', True):
            raise
        return Loaded(_missing, None, 'there is no application; every request for it is answered with 500\n' + error.text)


def load_import(entry):
    """`import` and `shared-import`: a module by its name or its path, for what its import does."""
    if '/' in entry or entry.endswith('.py'):
        _load_file(entry, {}, 'import')
    else:
        _import(entry)


def _has_main(config):
    return bool(config.get('module') or config.get('wsgi-file'))


def _mounts(config):
    """[(prefix, target)] of `mount = prefix=target`."""
    parted = (mount.partition('=') for mount in config.get('mount', ()))
    return [(normal(prefix), target.strip()) for prefix, _, target in parted]


def _mounted(target, config, files):
    """The application of one mount: `file.py` or `pkg.mod` with `callable`'s name, or `pkg.mod:callable`."""
    module, colon, attribute = target.partition(':')
    default = config.get('callable') or _DEFAULT
    if not colon and (module.endswith(('.py', '.wsgi')) or '/' in module):
        return _find(_load_file(module, files, 'mount'), default)
    return _find(_import(module.strip()), attribute.strip() or default)


def _applications(module, attribute, explicit):
    """The module's applications by prefix: what its dict `applications` says when no callable was named, as uWSGI does it."""
    table = None if explicit else getattr(module, 'applications', None)
    if not _is_mount_table(table):
        return {'': _find(module, attribute)}
    apps = {}
    for prefix, app in table.items():
        prefix = normal(prefix.decode() if isinstance(prefix, bytes) else prefix)
        apps[prefix] = _find(module, app) if isinstance(app, str) else _checked(module, 'applications[%r]' % (prefix or '/'), app)
    return apps


def _is_mount_table(table):
    """A module may well have an `applications` that means something else."""
    return type(table) is dict and bool(table) and all(
        isinstance(prefix, (str, bytes)) and prefix[:1] in ('', '/', b'', b'/') and (isinstance(app, str) or callable(app))
        for prefix, app in table.items())


def _missing(environ, start_response):
    body = b'There is no application.\n'
    start_response('500 Internal Server Error', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]


def _target(config):
    """(module, callable)"""
    module, _, attribute = config.get('module', '').partition(':')
    return module.strip(), attribute.strip() or config.get('callable') or _DEFAULT


def _names_callable(config):
    return bool(config.get('callable') or ':' in config.get('module', ''))


def _import(module):
    if not module:
        raise LoadError('module-not-found', 'there is no application to load: set module = package.module or wsgi-file = path')
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if _is_itself(module, error.name) and not has_foreign_frames(error):
            raise LoadError('module-not-found', '%s\n%s' % (error, hints.for_module(module))) from None
        raise failed(module, error) from None
    except (ValueError, TypeError) as error:
        if has_foreign_frames(error):
            raise failed(module, error) from None
        raise LoadError('module-not-found', 'module = %s is not the name of a module: %s' % (module, error)) from None
    except BaseException as error:
        raise failed(module, error) from None


def _is_itself(module, missing):
    return missing is not None and (module + '.').startswith(missing + '.')


def _load_file(path, loaded, option='wsgi-file'):
    """loaded: files that were loaded before, by their real paths. One that is mounted twice runs once."""
    if not os.path.isfile(path):
        raise LoadError('file-not-found', '%s = %s: there is no such file (seen from %s)' % (option, path, os.getcwd()))
    known = loaded.get(os.path.realpath(path))
    if known is not None:
        return known
    # uWSGI's name for it; applications test __name__ for this beginning
    module_name = 'uwsgi_file_' + path.replace('.', '_').replace('/', '_')
    if path.endswith('.py'):
        module_name = module_name[:-3]
    source = importlib.machinery.SourceFileLoader(module_name, os.path.abspath(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(module_name, source))
    sys.modules[module_name] = module
    try:
        source.exec_module(module)
    except BaseException as error:
        raise failed(path, error) from None
    loaded[os.path.realpath(path)] = module
    return module


def failed(what, error):
    """An exception inside the application."""
    if isinstance(error, SystemExit):
        text = '%s ended the process with sys.exit(%r) while it was imported' % (what, error.code)
    elif isinstance(error, ImportError):
        text = '%s was found, but an import inside it failed' % what
    else:
        text = '%s was found, but an exception left it while it was imported' % what
    text += '\n' + traceback_text(error)
    if isinstance(error, ModuleNotFoundError):
        text += hints.for_dependency(error.name)
    return LoadError('import-error', text)


def _find(module, attribute):
    """The callable in the module: a name, a dotted name, or either with `()` for a factory."""
    path, called = (attribute[:-2], True) if attribute.endswith('()') else (attribute, False)
    found = module
    for part in path.split('.'):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise LoadError('callable-missing', 'module %s (%s) has no %r\n%s' % (
                module.__name__, getattr(module, '__file__', 'no file'), path, hints.for_callable(module))) from None
    if called:
        if not callable(found):
            raise LoadError('not-callable', '%s in %s is %s, which cannot be called' % (path, module.__name__, _kind(found)))
        try:
            found = found()
        except BaseException as error:
            raise LoadError('import-error', 'the factory %s of module %s failed\n%s'
                            % (attribute, module.__name__, traceback_text(error))) from None
    return _checked(module, attribute, found)


def _checked(module, attribute, found):
    """found, if it can be served."""
    if not callable(found):
        raise LoadError('not-callable', '%s in %s is %s, not a WSGI application\n%s' % (
            attribute, module.__name__, _kind(found), hints.for_callable(module)))
    if _is_asynchronous(found):
        raise LoadError('asgi', '%s in %s is an ASGI application; only WSGI applications are served yet. Django has both: '
                        'use its wsgi module' % (attribute, module.__name__))
    return found


def _kind(thing):
    return 'None' if thing is None else 'of type %s' % type(thing).__name__


def _is_asynchronous(app):
    """Coroutine functions, and objects or classes whose __call__ is one."""
    while hasattr(app, 'func') and hasattr(app, 'keywords'):        # functools.partial
        app = app.func
    for function in (app, getattr(app, '__call__', None)):
        function = getattr(function, '__func__', function)
        code = getattr(function, '__code__', None)
        if code is not None and code.co_flags & _COROUTINE:
            return True
    return False
