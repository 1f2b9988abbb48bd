"""The process title that ps and top show."""


def of(config, own):
    """The title of a process that is called `own` by itself."""
    return config.get('procname-prefix', '') + config.get('procname', own) + config.get('procname-append', '')


def show(title, name):
    """Puts title in place of the command line, and name (15 bytes at most) in place of the program's name.

    Without ctypes: the kernel tells where the argument strings lie (proc(5), stat fields 48 and 49), and a process may write
    its own memory. Does nothing where that is forbidden; a title is never worth a failed start.
    """
    try:
        with open('/proc/self/comm', 'wb') as comm:
            comm.write(name.encode()[:15])
    except OSError:
        pass
    try:
        with open('/proc/self/stat', 'rb') as stat:
            # the program's name, field 2, may hold spaces and parentheses: count from its end, field 3 comes first there
            fields = stat.read().rpartition(b')')[2].split()
        start, end = int(fields[48 - 3]), int(fields[49 - 3])
        space = end - start
        if space < 2:
            return
        with open('/proc/self/mem', 'r+b', buffering=0) as memory:
            memory.seek(start)
            memory.write(title.encode()[:space - 1].ljust(space, b'\0'))
    except (OSError, ValueError, IndexError, OverflowError):
        pass
