"""An application that uses the module uwsgi as applications do."""
import os
import signal
import threading
import time

import uwsgi
import uwsgidecorators
from _oneserve import process

seen = []


@uwsgidecorators.postfork
def forked():
    seen.append(uwsgi.worker_id())


@uwsgidecorators.postfork(2)
def forked_second():
    seen.append('second')


@uwsgidecorators.timer(60)
def tick(number):
    print('tick %d in %d %s' % (number, uwsgi.worker_id(), threading.current_thread().name), flush=True)


@uwsgidecorators.cron(-5, 3, -1, -1, 0, target='workers')
def nightly(number):
    raise ValueError('this handler fails')


@uwsgidecorators.spool
def task(arguments):
    pass


def outlast(number):
    """Goes on when the worker is about to end."""
    print('outlast begins', flush=True)
    while not process.worker.ending:
        time.sleep(.001)
    time.sleep(.2)
    print('outlast ends', flush=True)


def ended():
    print('atexit of %d' % uwsgi.worker_id(), flush=True)


uwsgi.atexit = ended


@uwsgidecorators.harakiri(5)
def limited():
    return uwsgi.env['PATH_INFO']


def run(environ):
    path = environ['PATH_INFO']
    if path == '/seen':
        return repr(seen)
    if path == '/env':
        return str(uwsgi.env is environ)
    if path == '/logvar':
        uwsgi.set_logvar('user', b'anna')
        uwsgi.set_logvar('long', 'x' * 300)
        return '%r %r' % (uwsgi.get_logvar('user'), uwsgi.get_logvar('nobody'))
    if path == '/limit':
        uwsgi.set_user_harakiri(30)
        return 'set'
    if path == '/limited':
        return limited()
    if path == '/outlast':
        uwsgi.register_signal(9, '', outlast)
        return 'registered'
    if path == '/reload':
        return str(uwsgi.reload())
    if path == '/lock':
        uwsgi.lock()
        return str(uwsgi.is_locked())
    if path == '/locked':
        return str(uwsgi.is_locked())
    if path == '/unlock':
        uwsgi.unlock()
        return str(uwsgi.is_locked())
    if path == '/die':
        uwsgi.lock()
        os.kill(os.getpid(), signal.SIGKILL)
    if path == '/workers':
        return repr([(each['id'], each['pid'], each['status']) for each in uwsgi.workers()])
    if path == '/count':
        return '%d %d' % (uwsgi.total_requests(), uwsgi.request_id())
    return repr(eval(environ['QUERY_STRING'].replace('%20', ' '), {'os': os, 'task': task, 'threading': threading, 'time': time, 'uwsgi': uwsgi}))


def application(environ, start_response):
    if environ['PATH_INFO'] == '/stream':
        start_response('200 OK', [])
        return stream()
    body = run(environ).encode()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [body]


def stream():
    yield b'one'
    uwsgi.set_logvar('late', 'yes')
    uwsgi.disconnect()
    print('after the disconnect', flush=True)
