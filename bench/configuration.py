"""How long a configuration takes: a file of 10,000 lines is read, and `oneserve check` answers without asking a Python.

    python3 bench/configuration.py artifacts/oneserve

Each figure is the median of 20 runs of the whole process: wall-clock time, and CPU time, which a busy machine does not stretch. The difference
between the large file and a small one is the reading itself.
"""
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 20
LINES = 10_000


def main(executable):
    with tempfile.TemporaryDirectory() as directory:
        small = write(directory, 'small.ini', [])
        lines = ['name%d = %s' % (i, 'value of a placeholder') for i in range(LINES // 2)] + ['env = NAME%d=%%(name%d)' % (i, i) for i in range(LINES // 2)]
        large = write(directory, 'large.ini', lines)
        for command in ('config', 'check'):
            few, many = median(executable, command, small), median(executable, command, large)
            print('%-6s %6d lines: %6.1f ms, CPU %5.1f ms' % (command, 4, *few))
            print('%-6s %6d lines: %6.1f ms, CPU %5.1f ms; the difference: %.1f ms, CPU %.1f ms' % (
                command, LINES, *many, many[0] - few[0], many[1] - few[1]))


def write(directory, name, lines):
    path = os.path.join(directory, name)
    open(os.path.join(directory, 'site_of_mine.py'), 'w').close()
    with open(path, 'w') as file:
        file.write('\n'.join(['[uwsgi]', 'http = 127.0.0.1:0', 'chdir = ' + directory, 'module = site_of_mine', *lines]) + '\n')
    return path


def median(*command):
    """(milliseconds, milliseconds of CPU)"""
    times = []
    for _ in range(ROUNDS):
        cpu, began = used(), time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(((time.perf_counter() - began) * 1000, (used() - cpu) * 1000))
    return tuple(statistics.median(column) for column in zip(*times))


def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == '__main__':
    main(os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else 'artifacts/oneserve'))
