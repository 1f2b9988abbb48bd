"""The lifeline: a pipe whose write end only the master holds. When it closes, the kernel kills this process."""
import fcntl
import os
import signal

_F_SETSIG = 10                  # fcntl(2); the module names it only from Python 3.13 on


def arm(descriptor):
    """Arms the lifeline and returns the descriptor to keep open.

    Ends the process when the master has gone already. In a sandbox that refuses O_ASYNC nothing is armed: the end of the
    control socket is then the slower signal.
    """
    try:
        # Owner and signal belong to the open file description, and a shared one would arm only its last owner.
        own = os.open('/proc/self/fd/%d' % descriptor, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        os.close(descriptor)
    except OSError:
        own = descriptor        # not ours to open after a change of user; the master has passed an own description then
        os.set_inheritable(own, False)
    try:
        fcntl.fcntl(own, _F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(own, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(own, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    except OSError:
        pass
    try:
        if os.read(own, 1) == b'':
            os._exit(0)         # closed before it was armed
    except OSError:
        pass                    # EAGAIN: the master lives
    return own
