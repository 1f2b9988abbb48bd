"""A fake master and a fake gateway around a real prototype process and its real workers (docs/protocol.md)."""
import array
import ctypes
import fcntl
import marshal
import mmap
import os
import select
import signal
import socket
import struct
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.path.join(HERE, '..', '..', 'src', 'OneServe.Application', 'python')
LINE, WORDS, RING = 128, 16, 1 << 18
TAKEN, SENT_AT, DONE, TAKEN_AT, PID, FLAGS, PRODUCED, CONSUMED, CANCELLED, FINISHED, EXCEPTIONS, THREAD, OWNER, LIMIT = range(14)
WITHDRAWN = 15
HEAD, DATA, END, ABORT, FILE, INTERIM, VARIABLES, TIME_LIMIT = 1, 2, 3, 4, 5, 6, 7, 8
CANCEL, PAUSE, RESUME = 16, 17, 18
PATIENCE = 60.0                 # seconds until a test gives up

ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)         # PR_SET_CHILD_SUBREAPER, as the master


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def sources(with_module):
    folder = os.path.join(PYTHON, '_oneserve')
    found = {'_oneserve/' + name: read(os.path.join(folder, name)) for name in os.listdir(folder) if name.endswith('.py')}
    for name in ('uwsgi.py', 'uwsgidecorators.py') if with_module else ():
        found[name] = read(os.path.join(PYTHON, name))
    return found


def memory(name, content=b'', size=None):
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
    os.write(descriptor, content)
    if size:
        os.ftruncate(descriptor, size)
    return descriptor


def send(sock, data, descriptors=()):
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', descriptors))] if descriptors else []
    sock.sendmsg([data], rights)


def wait_until(condition, what='the condition'):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError('in vain waited for ' + what)
        time.sleep(.001)


def pair(kind):
    return socket.socketpair(socket.AF_UNIX, kind)


def spawn(config, lifeline, output=None, error=None, python=sys.executable, bundle=None, more=()):
    """A prototype process. Returns its pid and the master's end of its control socket."""
    mine, his = pair(socket.SOCK_SEQPACKET)
    bundle = memory('bootstrap', marshal.dumps({'sources': sources('uwsgi' in config), 'config': config}) if bundle is None else bundle)
    null = os.open('/dev/null', os.O_RDWR | os.O_CLOEXEC)
    opened = [null, null if output is None else output, null if error is None else error, his.fileno(), bundle, lifeline, *more]
    lifted = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 50) for descriptor in opened]
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE='1')
    pid = os.posix_spawn(python, [python, '-c', read(os.path.join(PYTHON, 'boot.py'))], environment,
                         file_actions=[(os.POSIX_SPAWN_DUP2, one, number) for number, one in enumerate(lifted)])
    for descriptor in (null, bundle, *lifted):
        os.close(descriptor)
    his.close()
    mine.settimeout(PATIENCE)
    return pid, mine


class Reply:
    """One reply, by the ring (`frames` is None) or by the link."""

    def __init__(self, head, body, frames=None, ending=None):
        self.status, self.headers, *more = marshal.loads(head) if head else (None, [])
        self.variables = dict(more[0]) if more else {}
        self.body, self.frames, self.ending = body, frames, ending

    def header(self, name):
        return dict(self.headers).get(name)


class WorkerEnd:
    """What the master and the gateway hold of one worker."""

    def __init__(self, line, slots):
        self.line, self.slots, self.pid, self.control, self.lifeline = line, slots, 0, None, None
        self.links, self.kept = [], []          # gateway's ends; worker's ends


class Rig:
    def __init__(self, config=None, slots=1, start=True, more=(), python=sys.executable, **settings):
        self.config = dict({'chdir': HERE, 'module': 'apps', 'threads': slots}, **(config or {}), **settings)
        self.slots, self.epoch, self.sequence, self.workers, self.next_line = slots, 1, 0, [], 1
        self.board = memory('board', size=1024 * LINE)
        self.rings = memory('rings', size=1024 * RING)
        self.bodies = memory('bodies', size=256 << 16)
        self.words = memoryview(mmap.mmap(self.board, 1024 * LINE)).cast('Q')
        self.body_memory = mmap.mmap(self.bodies, 256 << 16)
        self.ring_memory = mmap.mmap(self.rings, 1024 * RING)
        self.words[0], self.words[1] = self.epoch, 1
        self.waker, self.wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.life_reader, self.life = os.pipe2(os.O_CLOEXEC)
        self.output, self.errors = memory('stdout'), memory('stderr')
        self.gone, self.messages = {}, []
        self.queue, self.worker_queue = pair(socket.SOCK_SEQPACKET)
        self.prototype = 0
        try:
            self.prototype, self.control = spawn(self.config, self.own_lifeline(), self.output, self.errors, python, more=more)
            if start:
                self.expect(b'ready')
                self.fork()
        except BaseException:
            self.stop()
            raise

    def own_lifeline(self):
        return os.open('/proc/self/fd/%d' % self.life_reader, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def expect(self, verb):
        """The next message of the prototype with this verb; warnings before it are kept."""
        while True:
            data = self.control.recv(65536)
            self.messages.append(data)
            if data.startswith(verb):
                return data
            if not data.startswith(b'warn'):
                raise AssertionError('%r came instead of %r; stderr: %s' % (data, verb, self.log()))

    def fork(self, ready=True):
        worker = WorkerEnd(self.next_line, self.slots)
        self.next_line += self.slots
        self.workers.append(worker)
        worker.control, his = pair(socket.SOCK_SEQPACKET)
        worker.control.settimeout(PATIENCE)
        self.make_links(worker)
        life = self.own_lifeline()
        send(self.control, b'fork %d %d %d %d' % (worker.line, self.slots, self.epoch, len(self.workers)),
             [his.fileno(), life, self.board, self.rings, self.bodies, self.wake, self.worker_queue.fileno(),
              *(link.fileno() for link in worker.kept)])
        his.close()
        os.close(life)
        verb, line, pid = self.expect(b'pid').split()
        assert int(line) == worker.line
        worker.pid = int(pid)
        if ready:
            data = worker.control.recv(65536)
            assert data == b'ready', (data, self.log())
        return worker

    def make_links(self, worker):
        for link in worker.links + worker.kept:
            link.close()
        worker.links, worker.kept = map(list, zip(*(pair(socket.SOCK_STREAM) for _ in range(self.slots))))
        for link in worker.links:
            link.settimeout(PATIENCE)

    def new_epoch(self):
        """The gateway has died and a new one has come."""
        self.epoch += 1
        self.words[0] = self.epoch
        self.queue.close()
        self.worker_queue.close()
        self.queue, self.worker_queue = pair(socket.SOCK_SEQPACKET)
        for worker in self.workers:
            self.make_links(worker)

    def join(self, worker):
        send(worker.control, b'join %d' % self.epoch,
             [self.worker_queue.fileno(), *(link.fileno() for link in worker.kept)])

    # The gateway

    def request(self, path, method='GET', input=None, descriptor=None, request=None, age=0, **environ):
        """Sends a request, as of `age` seconds ago; returns its id."""
        if request is None:
            self.sequence += 1
            request = self.epoch << 40 | self.sequence
        values = {'REQUEST_METHOD': method, 'SCRIPT_NAME': '', 'PATH_INFO': path, 'QUERY_STRING': '', 'SERVER_NAME': 'localhost',
                  'SERVER_PORT': '80', 'SERVER_PROTOCOL': 'HTTP/1.1', 'wsgi.url_scheme': 'http'}
        values.update(environ)
        if input is not None:
            values['wsgi.input'] = input if descriptor is None else -input
            values['CONTENT_LENGTH'] = str(len(input) if isinstance(input, bytes) else input & 0xffffffff)
        data = struct.pack('<QQ', request, time.monotonic_ns() - int(age * 1e9)) + marshal.dumps(values, 2)
        send(self.queue, data, [] if descriptor is None else [descriptor])
        return request

    def order(self, request, kind, line=1):
        """The gateway's word about one request to a worker that serves many."""
        self.workers[line - 1].links[0].sendall(struct.pack('<QII', request, 0, kind))

    def no_op(self):
        send(self.queue, struct.pack('<QQ', 0, 0) + marshal.dumps({}))

    def reply(self, request, line=1):
        """Waits for the reply to this request, by ring or link."""
        link = next(worker.links[line - worker.line] for worker in self.workers if worker.line <= line < worker.line + worker.slots)
        deadline = time.monotonic() + PATIENCE
        while True:
            entry = self.ring_entry(line)
            while entry is not None and entry[0] >> 40 < request >> 40:     # of an epoch before: the gateway drops it, too
                entry = self.ring_entry(line)
            if entry is not None:
                assert entry[0] == request, 'a reply to %x, not %x' % (entry[0], request)
                return Reply(*entry[1:])
            readable, _, _ = select.select([self.waker, link], [], [], max(0, deadline - time.monotonic()))
            if not readable:
                raise AssertionError('no reply; stderr: ' + self.log())
            if self.waker in readable:
                os.read(self.waker, 65536)
            if link in readable:
                return self.link_reply(link, request)

    def ring_entry(self, line):
        at = line * WORDS
        taken = self.words[at + CONSUMED]
        if taken == self.words[at + PRODUCED]:
            return None
        offset = taken % RING
        start = line * RING + offset
        if self.ring_memory[start:start + 16] == b'\xff' * 16:
            self.words[at + CONSUMED] = taken + RING - offset
            return self.ring_entry(line)
        request, head, body = struct.unpack('<QII', self.ring_memory[start:start + 16])
        assert 16 + head + body <= 1 << 16
        data = self.ring_memory[start + 16:start + 16 + head + body]
        self.words[at + CONSUMED] = taken + (16 + head + body + 15 & -16)
        return request, data[:head], data[head:]

    def frame(self, link):
        """(id, kind, payload, descriptors) of the next frame."""
        header, ancillary, _, _ = link.recvmsg(16, socket.CMSG_SPACE(16), socket.MSG_WAITALL | socket.MSG_CMSG_CLOEXEC)
        assert len(header) == 16, 'the link has ended'
        request, size, kind = struct.unpack('<QII', header)
        payload = bytearray()
        while len(payload) < size:
            part = link.recv(min(size - len(payload), 1 << 20))
            assert part
            payload += part
        descriptors = array.array('i')
        for _, _, data in ancillary:
            descriptors.frombytes(data)
        return request, kind, bytes(payload), list(descriptors)

    def link_reply(self, link, request):
        head, body, frames, variables = None, [], [], []
        while True:
            answered, kind, payload, descriptors = self.frame(link)
            assert answered == request, 'a frame of %x, not %x' % (answered, request)
            frames.append(kind)
            if kind == HEAD:
                head = payload
            elif kind == DATA:
                assert payload
                body.append(payload)
            elif kind == FILE:
                offset, length = struct.unpack('<QQ', payload)
                descriptor, = descriptors
                body.append(os.pread(descriptor, length, offset))
                os.close(descriptor)
            elif kind == VARIABLES:
                variables = marshal.loads(payload)
            else:
                assert not payload
                reply = Reply(head, b''.join(body), frames, kind)
                reply.variables.update(variables)
                return reply

    def get(self, path, method='GET', input=None, descriptor=None, line=1, **environ):
        return self.reply(self.request(path, method, input, descriptor, **environ), line)

    # What is left behind

    def word(self, word, line=1):
        return self.words[line * WORDS + word]

    def has_begun(self, request, line=1):
        """The kernel writes the id, and the time at which it was sent; the worker then notes when it begins with it, if it does."""
        return self.word(TAKEN, line) == request and self.word(TAKEN_AT, line) >= self.word(SENT_AT, line)

    def printed(self):
        return os.pread(self.output, os.fstat(self.output).st_size, 0).decode()

    def log(self):
        return os.pread(self.errors, os.fstat(self.errors).st_size, 0).decode('utf-8', 'replace')

    def clear_log(self):
        os.ftruncate(self.errors, 0)
        os.lseek(self.errors, 0, os.SEEK_SET)

    def wait(self, pid):
        """The exit status of a process: a code, or minus a signal."""
        deadline = time.monotonic() + PATIENCE
        while pid not in self.gone:
            try:
                found, status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:           # still the child of the middle process, which is about to end
                found = 0
            if found:
                self.gone[pid] = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            elif time.monotonic() > deadline:
                raise AssertionError('process %d goes on; stderr: %s' % (pid, self.log()))
            else:
                time.sleep(.0005)
        return self.gone[pid]

    def stop(self):
        for pid in [worker.pid for worker in self.workers] + [self.prototype]:
            if pid and pid not in self.gone:
                try:
                    os.kill(pid, signal.SIGKILL)
                    self.wait(pid)
                except ProcessLookupError:
                    pass
        sockets = [self.control, self.queue, self.worker_queue]
        for worker in self.workers:
            sockets += [worker.control, *worker.links, *worker.kept]
        for sock in sockets:
            sock.close()
        for descriptor in (self.board, self.rings, self.bodies, self.waker, self.wake, self.life_reader, self.output, self.errors):
            os.close(descriptor)
        if self.life is not None:
            os.close(self.life)
