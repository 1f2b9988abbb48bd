"""What the scoreboard and proc(5) tell about the workers, for `uwsgi.workers()` and its kin."""
import os

from . import link as wire, process

_TICKS = os.sysconf('SC_CLK_TCK')
_PAGE = os.sysconf('SC_PAGE_SIZE')
_NUMBER = 0xffffffff            # of wire.OWNER, below the generation
_LINES = wire.BOARD // wire.LINE


def total():
    """Requests that all workers have finished since the server was started; 0 in the prototype."""
    words = _words()
    return 0 if words is None else sum(words[wire.WORDS + wire.FINISHED::wire.WORDS])


def finished():
    """Requests that were finished on this worker's lines, by the processes before it too."""
    worker = process.worker
    if worker is None:
        return 0
    return sum(worker.words[(worker.line + slot) * wire.WORDS + wire.FINISHED] for slot in range(worker.slots))


def described(facts):
    """A dict for each worker, by number. In the prototype there are none yet: their numbers, and zeros."""
    found, words = {}, _words()
    for line in range(1, _LINES) if words is not None else ():
        at = line * wire.WORDS
        owner = words[at + wire.OWNER]
        if not words[at + wire.PID] or owner >> 32 != facts.get('generation', 1):
            continue
        slots = found.setdefault(owner & _NUMBER, [])
        if slots and words[slots[0] + wire.PID] != words[at + wire.PID]:
            slots.clear()       # a successor that has not taken over, or the one it follows: the later line counts
        slots.append(at)
    numbers = range(1, max([facts.get('processes', 1), *found]) + 1)
    return tuple(_described(number, words, found.get(number, ())) for number in numbers)


def _described(number, words, slots):
    pid = words[slots[0] + wire.PID] if slots else 0
    resident, space = memory(pid) if pid else (0, 0)
    requests = sum(words[at + wire.FINISHED] for at in slots)
    exceptions = sum(words[at + wire.EXCEPTIONS] for at in slots)
    busy = any(words[at + wire.TAKEN] != words[at + wire.DONE] for at in slots)
    return {'id': number, 'pid': pid, 'requests': requests, 'delta_requests': requests, 'signals': 0, 'exceptions': exceptions,
            'status': b'busy' if busy else b'idle' if pid else b'cheap', 'rss': resident, 'vsz': space, 'running_time': 0,
            'last_spawn': _born(pid) if pid else 0, 'respawn_count': 0, 'tx': 0, 'avg_rt': 0, 'apps': ()}


def memory(pid):
    """(resident memory, address space) in bytes; zeros of a process that has gone."""
    try:
        with open('/proc/%s/statm' % pid) as file:
            space, resident = file.read().split()[:2]
    except OSError:
        return 0, 0
    return int(resident) * _PAGE, int(space) * _PAGE


def _born(pid):
    """Seconds since 1970 (proc(5), stat and the btime of /proc/stat)."""
    try:
        with open('/proc/%d/stat' % pid) as file:
            ticks = int(file.read().rpartition(')')[2].split()[19])
        with open('/proc/stat') as file:
            boot = next(int(line.split()[1]) for line in file if line.startswith('btime'))
    except (OSError, StopIteration):
        return 0
    return boot + ticks // _TICKS


def _words():
    return None if process.worker is None else process.worker.words
