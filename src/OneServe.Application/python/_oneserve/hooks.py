"""What the application has left in the module `uwsgi` to be called; nothing when it never imported that."""
import sys
import traceback

from . import process


def start():
    """The worker is about to take requests."""
    signals = sys.modules.get('_oneserve.signals')
    if signals is not None and signals.handlers:
        signals.listen()
    _call('post_fork_hook')


def end():
    """It takes no more."""
    process.worker.ending = True
    signals = sys.modules.get('_oneserve.signals')
    if signals is not None:
        signals.end()
    _call('atexit')


def _call(name):
    module = sys.modules.get('uwsgi') if process.facts else None      # else it is somebody else's
    function = vars(module).get(name) if module is not None else None
    if callable(function):
        try:
            function()
        except BaseException:
            traceback.print_exc()
