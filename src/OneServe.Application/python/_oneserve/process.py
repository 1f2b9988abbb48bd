"""What this process is, for the module `uwsgi`: prototype or worker, and which request a thread is at."""
from threading import get_ident

from .report import note

facts = {}                      # what the master says under the key `uwsgi` of the configuration (docs/protocol.md)
worker = None                   # the Worker; None in the prototype
tell = None                     # says something to the master: tell(bytes)
replies = {}                    # a slot's thread -> its Reply, which knows the request in hand


_told = set()


def reply():
    """The reply to the request that the calling thread is at; None outside of one."""
    found = replies.get(get_ident())
    return found if found is not None and found.id and found.environ else None


def warn(text):
    """Notes for the log, once a process and text."""
    if text not in _told:
        _told.add(text)
        note(text)
