"""The way out, as far as it can be guessed, for an application that cannot be loaded."""
import itertools
import os
import sys
import types

from . import process

_DIRECTORIES_MOST = 500         # a hint must not search a whole disk
_SKIPPED = ('node_modules', 'site-packages', '__pycache__')
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType)
_USUAL = ('application', 'app', 'wsgi', 'wsgi_app', 'api', 'server', 'create_app', 'make_app', 'get_wsgi_application')


def for_module(module):
    """Where a module of this name lies instead, and sys.path."""
    lines = []
    if module.endswith('.py') or '/' in module:
        lines.append('%s looks like a file: set wsgi-file = %s' % (module, module))
    else:
        top, _, rest = module.partition('.')
        place = _place(os.getcwd(), top)
        if place is None:
            other = _elsewhere(os.getcwd(), module)
            if other is not None:
                lines.append('there is such a module in %s: set chdir or pythonpath to that directory' % other)
        elif rest and os.path.isdir(place):
            lines.append('package %s is %s; it has: %s' % (top, place, ', '.join(_modules(place)) or 'no modules'))
        elif rest:
            lines.append('%s is one module, %s, and no package' % (top, place))
    lines.append('sys.path:')
    lines += ['  ' + entry for entry in sys.path]
    return '\n'.join(lines)


def for_dependency(missing):
    """A module that the application imports is missing: perhaps another interpreter has it."""
    lines = ['', 'the interpreter is %s' % sys.executable]
    if sys.prefix == getattr(sys, 'base_prefix', sys.prefix):
        for entry in sorted(os.listdir('.')):
            if os.path.isfile(os.path.join(entry, 'pyvenv.cfg')):
                lines.append('there is a virtual environment in %s: set home to it' % os.path.abspath(entry))
    if missing:
        lines.append('if %s should be there, install it with: %s -m pip install …' % (missing.partition('.')[0], sys.executable))
    return '\n'.join(lines)


def for_callable(module):
    """Names in the module that may be the application."""
    if module.__name__ == 'uwsgi' and process.facts:
        return 'uwsgi is the name of a module of this server: call yours otherwise, name it by wsgi-file, or set uwsgi-module = false'
    classes, likely, others, factories = [], [], [], []
    for name, value in vars(module).items():
        if name.startswith('_') or not callable(value):
            continue
        # By the type alone: a proxy of a framework (flask.request) raises at whatever else it is asked outside a request.
        kind = type(value)
        function = kind in _FUNCTIONS
        is_class = issubclass(kind, type)
        own = not (function or is_class) or value.__module__ == module.__name__
        if is_class:
            if own:
                classes.append(name)
        elif name in _USUAL or _looks_like_wsgi(value):
            likely.append(name)
        elif own:                               # functions of other modules are mostly tools
            others.append(name)
        if kind is types.FunctionType and own:
            factories.append(name)
    names = (sorted(likely) + sorted(others))[:10]
    if not names:
        return 'nothing in it looks like an application' + (' (classes: %s)' % ', '.join(classes[:5]) if classes else '')
    text = 'callables in it: %s; set callable = %s' % (', '.join(names), names[0])
    factory = next((name for name in factories if name in _USUAL and not _takes_arguments(getattr(module, name))), None)
    return text + ('; a factory is written %s()' % factory if factory else '')


def _looks_like_wsgi(value):
    """Whether its arguments have the names that PEP 3333 and everybody after it use."""
    function = value if type(value) is types.FunctionType else type(value).__call__
    code = getattr(function, '__code__', None)
    return code is not None and 'start_response' in code.co_varnames[:code.co_argcount]


def _takes_arguments(function):
    return function.__code__.co_argcount > len(function.__defaults__ or ())


def _place(directory, top):
    for path in (os.path.join(directory, top), os.path.join(directory, top + '.py')):
        if os.path.exists(path):
            return path
    return None


def _modules(package):
    return sorted(entry[:-3] for entry in os.listdir(package) if entry.endswith('.py') and entry != '__init__.py')[:20]


def _elsewhere(directory, module):
    """The directory that should be on sys.path: the one above, or one of those below."""
    file = module.replace('.', '/')
    for candidate in (os.path.dirname(directory), *itertools.islice(_below(directory), _DIRECTORIES_MOST)):
        path = os.path.join(candidate, file)
        if os.path.isfile(path + '.py') or os.path.isfile(os.path.join(path, '__init__.py')):
            return candidate
    return None


def _below(root):
    """The directories below root, two levels deep."""
    for path, names, _ in os.walk(root):
        yield path
        deepest = os.path.relpath(path, root).count(os.sep) >= 1
        names[:] = [] if deepest else sorted(name for name in names if not name.startswith('.') and name not in _SKIPPED)
