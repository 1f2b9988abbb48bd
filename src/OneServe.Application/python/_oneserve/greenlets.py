"""gevent: a worker that serves many requests at a time, a greenlet each, on one event loop ("hub") in one thread.

Such a worker has one slot and a queue of its own. Requests are known by their ids: what the gateway has to say about one comes as
a frame on the reply link, the frames of replies are mixed there, and all whole replies go through the one ring.
"""
import io
import marshal
import os
import socket
import sys
import threading
import time
import traceback

from . import link as wire, loader, process, report, wsgi
from .body import spooled

_PACKETS_MOST = 64              # taken in one go, before the greenlets that are ready get their turn
_NO_OP = 16                     # bytes of a packet without a request
_READ = 1                       # for gevent's loop.io


def prepare(config):
    """In the prototype, before anything of the application is imported. Raises LoadError without gevent."""
    if not config.get('gevent'):
        return
    try:
        import gevent
        from gevent import monkey
    except ImportError as error:
        raise loader.LoadError('gevent-missing', '%s (Python %d.%d.%d): %s\ninstall it with: %s -m pip install gevent\nor set threads = N '
                               'instead of gevent' % ((sys.executable,) + sys.version_info[:3] + (error, sys.executable)))
    if config.get('gevent-monkey-patch', True):
        monkey.patch_all()
    gevent.get_hub()            # here already: greenlets that the application starts while it is imported run in each worker


def after_fork(config):
    """In a worker: the hub that came along gets an epoll set and threads of its own."""
    if config.get('gevent'):
        import gevent
        gevent.reinit()


def serve(worker, config, control):
    """Serves until the end; returns the exit code."""
    from . import greenlet_reply
    return Server(worker, config, control, greenlet_reply).run()


class Server:
    """The one slot of such a worker. All callbacks run in the hub: they do not wait."""

    def __init__(self, worker, config, control, replies):
        import gevent
        from gevent.event import Event
        from gevent.thread import get_ident
        self._worker, self._control, self._kinds = worker, control, replies
        self._hub, self._spawn, self._current = gevent.get_hub(), gevent.spawn, gevent.getcurrent
        self._waits_for_hub = config.get('gevent-wait-for-hub')
        self._words, self._line = worker.words, worker.line * wire.WORDS
        self._base = wsgi.base_environ(config['gevent'], worker.processes)
        self._put = wire.reply_ring(worker.words, worker.line, worker.rings[0], worker.wake)
        # As in wsgi.py: the kernel itself notes what has been taken.
        self._packet = memoryview(bytearray(wire.PACKET_MAX))
        self._buffers = [worker.board[self._line * 8:self._line * 8 + 16], self._packet]
        self._room = socket.CMSG_SPACE(4)
        self._work = {}                         # id -> (reply, greenlet)
        self._cancelled = set()                 # ids that have not been taken yet
        self._count = worker.words[self._line + wire.FINISHED]
        self._look_at = worker.wear.next_look(self._count)
        self._watchers = {}
        process.get_ident = get_ident           # a request is at home in a greenlet
        self._ended, self._exits, self._over = False, False, Event()

    def run(self):
        os.register_at_fork(after_in_child=self._let_go)
        self._words[self._line + wire.THREAD] = threading.get_native_id()
        self._watch('control', self._control, self._hear)
        self._enter()
        self._worker.tell(b'ready')
        while not self._over.is_set():
            try:
                self._over.wait()
            except BaseException:               # SystemExit of one of the application's own greenlets, which gevent brings here
                traceback.print_exc()
        for name in list(self._watchers):
            self._unwatch(name)
        if self._waits_for_hub:
            self._hub.join()
        return 0

    # The wires

    def _watch(self, name, sock, callback):
        watcher = self._watchers[name] = self._hub.loop.io(sock.fileno(), _READ)
        watcher.start(callback)

    def _unwatch(self, name):
        watcher = self._watchers.pop(name, None)
        if watcher is not None:
            watcher.stop()
            watcher.close()

    def _enter(self):
        """An epoch of the gateway: its queue and its link."""
        self._queue = self._worker.queue
        self._queue.setblocking(False)
        self._channel = self._kinds.Channel(self._worker.links[0], self._obey)
        self._ended = False
        self._watch('queue', self._queue, self._take)
        self._watch('link', self._channel.socket, self._listen)

    def _let_go(self):
        """In a child that the application forks: requests and replies are its parent's."""
        self._worker.forked.append(self._current())
        for name in list(self._watchers):
            self._unwatch(name)

    def _hear(self):
        """The master."""
        try:
            data, descriptors = wire.receive(self._control)
        except OSError:
            data, descriptors = b'', []
        verb, number = (data.split() + [b'0', b'0'])[:2]
        if verb == b'join':
            self._unwatch('link')
            self._worker.join(int(number), descriptors)
            self._enter()
        elif verb == b'signal':
            self._worker.signalled(int(number))
        elif verb == b'stack':
            self._show(int(number))
        else:                                   # "exit", or the master has gone
            self._exits = True
            if not data:
                self._unwatch('control')
                self._end_queue()
            self._end_if_done()

    def _listen(self):
        """The gateway, about single requests."""
        if not self._channel.listen():
            self._unwatch('link')               # it has died: nobody takes these replies any more
            for reply, _ in list(self._work.values()):
                if reply.channel is self._channel:
                    reply.order(wire.CANCEL)

    def _obey(self, request, kind):
        if request in self._work:
            self._work[request][0].order(kind)
        elif kind == wire.CANCEL and request > self._words[self._line]:
            self._cancelled.add(request)

    def _show(self, request):
        """Where the greenlet of a request is."""
        _, greenlet = self._work.get(request, (None, None))
        if greenlet is not None and greenlet.gr_frame is not None:
            report.write(''.join(traceback.format_stack(greenlet.gr_frame)))
            self._worker.tell(b'shown %d' % request)

    # Requests

    def _take(self):
        receive, words, line, epoch_of = self._queue.recvmsg_into, self._words, self._line, wire.EPOCH_SHIFT
        for _ in range(_PACKETS_MOST):
            try:
                size, ancillary, _, _ = receive(self._buffers, self._room, socket.MSG_CMSG_CLOEXEC)
            except BlockingIOError:
                return
            except OSError:
                size = 0
            if not size:
                self._end_queue()
                self._worker.tell(b'eof %d' % self._worker.epoch)
                self._end_if_done()
                return
            request = words[line]
            if size > _NO_OP and request >> epoch_of == words[wire.EPOCH]:      # else left over by a gateway that has died
                self._begin(request, ancillary)
            else:
                self._rest()
                if ancillary:
                    wsgi.release(None, ancillary)

    def _rest(self):
        """Whether anything is in work shows in the board."""
        if not self._work:
            self._words[self._line + wire.DONE] = self._words[self._line]

    def _begin(self, request, ancillary):
        words, line, app = self._words, self._line, self._worker.app
        taken = words[line + wire.TAKEN_AT] = time.monotonic_ns()
        if taken - words[line + wire.SENT_AT] >= self._worker.patience:
            app = wsgi.late
        environ = marshal.loads(self._packet)
        environ.update(self._base)
        body = environ.get('wsgi.input')
        if body is None:
            environ['wsgi.input'] = io.BytesIO()
        elif type(body) is bytes:
            environ['wsgi.input'] = io.BytesIO(body)
        elif ancillary:
            body = environ['wsgi.input'] = spooled(wsgi.descriptor(ancillary[0][2])[0], -body)
        elif body < 0:
            app = wsgi.starved
            self._worker.tell(b'worn descriptors 0')
        else:
            at = body >> 32
            environ['wsgi.input'] = io.BytesIO(self._worker.bodies[at:at + (body & 0xffffffff)])
            if words[wire.EPOCH] != request >> wire.EPOCH_SHIFT:        # that gateway died meanwhile; the next one may use the block already
                return
        worker = self._worker
        reply = self._kinds.GreenletReply(words, worker.line, self._put, worker.forked, worker.failure_page, request, self._channel)
        reply.environ, environ['wsgi.early_hints'] = environ, reply.early_hints
        if request in self._cancelled:
            self._cancelled.discard(request)
            reply.order(wire.CANCEL)
        self._work[request] = reply, self._spawn(self._serve, reply, app, body, ancillary)

    def _serve(self, reply, app, body, ancillary):
        """The greenlet of one request."""
        forked, ident = self._worker.forked, process.get_ident()
        process.replies[ident] = reply
        try:
            if not reply.cut_short():           # its client has left before it began
                result = app(reply.environ, reply.start_response)
                if not forked:
                    reply.answer(result)
        except BaseException as error:          # SystemExit too: a request is no way to end the worker
            if not forked:
                reply.fail(error)
        if forked:                              # the application forked, and its child came back here
            reply.end_child()
            return                              # or another request's greenlet has run on in that child
        del self._work[reply.id], process.replies[ident]
        self._rest()
        if ancillary:
            wsgi.release(body, ancillary)
        self._count += 1
        self._words[self._line + wire.FINISHED] = self._count
        if self._count >= self._look_at:
            self._look_at = self._worker.wear.look(self._count)
        self._end_if_done()

    def _end_queue(self):
        self._unwatch('queue')
        self._ended = True

    def _end_if_done(self):
        if self._exits and self._ended and not self._work:
            self._over.set()
