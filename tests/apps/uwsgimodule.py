"""Uses the module uwsgi; the query is the expression that is answered."""
import os
import signal
import time
import urllib.parse

import gate
import uwsgi
import uwsgidecorators

FORKED = []


@uwsgidecorators.postfork
def forked():
    FORKED.append((uwsgi.worker_id(), os.getpid()))


@uwsgidecorators.timer(1)
def every_second(number):
    note('second')


@uwsgidecorators.timer(1, target='workers')
def each_of_them(number):
    note('each %d' % uwsgi.worker_id())


@uwsgidecorators.cron(-1, -1, -1, -1, -1)
def every_minute(number):
    note('minute')


@uwsgidecorators.filemon('watched')
def changed(number):
    note('changed')


@uwsgidecorators.signal(98, target='worker2')
def job(number):
    note('job begins')
    gate.wait('gate')
    note('job ends')


@uwsgidecorators.spool
def task(arguments):
    raise AssertionError('there is no spooler')


@uwsgidecorators.lock
def count_slowly():
    """Without the lock, counts of two processes would be lost."""
    with open('count', 'a+') as file:
        file.seek(0)
        number = int(file.read() or 0)
        time.sleep(.02)
        file.truncate(0)
        file.write(str(number + 1))
    return number + 1


def note(text):
    print('NOTE %s by %d' % (text, os.getpid()), flush=True)


def ended():
    note('atexit of %d' % uwsgi.worker_id())


uwsgi.atexit = ended


def die_with_the_lock():
    uwsgi.lock()
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(seconds):
    time.sleep(seconds)
    return 'slept'


def application(environ, start_response):
    expression = urllib.parse.unquote(environ['QUERY_STRING'])
    answer = repr(eval(expression)).encode() if expression else b'ready'
    start_response('200 OK', [('Content-Type', 'text/plain'), ('X-Pid', str(os.getpid()))])
    return [answer]
