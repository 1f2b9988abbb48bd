"""Applications that leave something to do at the end of their worker."""
import atexit
import concurrent.futures
import fcntl
import subprocess
import sys
import threading


def application(environ, start_response):
    executor = concurrent.futures.ThreadPoolExecutor(1)
    executor.submit(int).result()               # its thread is idle from now on: somebody has to tell it to end
    threading.Thread(target=late, args=(environ['QUERY_STRING'],)).start()
    atexit.register(last)
    start_response('200 OK', [])
    return [b'started']


def late(barrier):
    with open(barrier, 'rb') as file:
        fcntl.flock(file, fcntl.LOCK_SH)
    print('thread')


def last():
    print('atexit')
    sys.stdout.write('not flushed')


def descriptors(environ, start_response):
    listing = subprocess.Popen(['ls', '/proc/self/fd'], stdout=subprocess.PIPE, close_fds=False)
    start_response('200 OK', [])
    return [listing.communicate()[0]]
