"""A slot of a worker: takes a request, calls the WSGI application, replies; until it is told to leave."""
import io
import marshal
import os
import socket
import struct
import sys
import threading
import time

from . import link as wire, process
from .body import spooled
from .file_wrapper import FileWrapper
from .head import UNKNOWN
from .link import EPOCH, EPOCH_SHIFT
from .reply import Reply

descriptor = struct.Struct('i').unpack_from


def base_environ(threads, processes):
    """The part of the environ that is the same for all requests."""
    return {
        'wsgi.version': (1, 0),
        'wsgi.errors': sys.stderr,
        'wsgi.multithread': threads > 1,
        'wsgi.multiprocess': processes > 1,
        'wsgi.run_once': False,
        'wsgi.file_wrapper': FileWrapper,
        'wsgi.input_terminated': True,
    }


def late(environ, start_response):
    """What is run instead of the application when a request has waited for too long, or its client has left meanwhile."""
    start_response('503 Service Unavailable', [('Content-Length', '0'), ('Retry-After', '1')])
    return [b'']


def starved(environ, start_response):
    """Likewise when the body's descriptor was dropped by the kernel (recvmsg(2), MSG_CTRUNC): this process may have no more."""
    start_response('503 Service Unavailable', [('Content-Length', '0'), ('Retry-After', '1')])
    return [b'']


def release(body, ancillary):
    """Closes the descriptor that came with a packet, also when the packet was dropped or did not decode."""
    if hasattr(body, 'close'):
        try:
            body.close()
        except ValueError:
            pass                                # the application has detached it: it closes with its last reference
    else:
        os.close(descriptor(ancillary[0][2])[0])


def serve(worker, slot):
    """Runs one slot until it leaves: ordered by its flag, or because the master says so at the end of its queue.

    The loop is written for speed: names are locals, the commonest reply (a list of one block) is sent from here, and the objects
    of a request are dropped after its reply has been published, when nobody waits for it any more.
    """
    words, bodies, forked, app, withdrawn = worker.words, worker.bodies, worker.forked, worker.app, wire.WITHDRAWN_LAST
    line = (worker.line + slot) * wire.WORDS
    flags, done, finished = line + wire.FLAGS, line + wire.DONE, line + wire.FINISHED
    sent_at, taken_at, patience = line + wire.SENT_AT, line + wire.TAKEN_AT, worker.patience
    # The kernel itself notes id and time in the scoreboard while it hands over the packet: there is no moment in which a
    # packet has been taken and nobody knows by whom.
    noted = worker.board[line * 8:line * 8 + 16]
    packet = memoryview(bytearray(wire.PACKET_MAX))
    buffers, room, options = [noted, packet], socket.CMSG_SPACE(4), socket.MSG_CMSG_CLOEXEC
    put = wire.reply_ring(words, worker.line + slot, worker.rings[slot], worker.wake)
    reply = Reply(words, worker.line + slot, put, forked, worker.failure_page)
    start_response, base = reply.start_response, base_environ(worker.slots, worker.processes)
    base['wsgi.early_hints'] = reply.early_hints
    loads, now, BytesIO = marshal.loads, time.monotonic_ns, io.BytesIO
    words[line + wire.THREAD] = threading.get_native_id()
    process.replies[threading.get_ident()] = reply
    count, nothing = words[finished], reply.environ     # what it has between requests
    wear = worker.wear
    look_at = wear.next_look(count)
    body = environ = result = data = None

    while True:
        epoch, queue = worker.epoch, worker.queue
        reply.attach(worker.links[slot])
        receive = queue.recvmsg_into
        while True:
            size, ancillary, _, _ = receive(buffers, room, options)
            if not size:
                break
            request = words[line]
            if request >> EPOCH_SHIFT == words[EPOCH]:    # else a no-op, or left over by a gateway that has died
                taken = words[taken_at] = now()
                reply.id = request
                try:
                    environ = reply.environ = loads(packet)
                    environ.update(base)
                    run = app if taken - words[sent_at] < patience else late
                    if request <= words[withdrawn] and wire.is_withdrawn(words, request):
                        run = late
                    body = environ.get('wsgi.input')
                    if body is None:
                        environ['wsgi.input'] = BytesIO()
                    elif type(body) is bytes:
                        environ['wsgi.input'] = BytesIO(body)
                    elif ancillary:
                        body = environ['wsgi.input'] = spooled(descriptor(ancillary[0][2])[0], -body)
                    elif body < 0:
                        run = starved
                        worker.tell(b'worn descriptors 0')
                    else:
                        at = body >> 32
                        environ['wsgi.input'] = BytesIO(bodies[at:at + (body & 0xffffffff)])
                        if words[EPOCH] != request >> EPOCH_SHIFT:      # that gateway died meanwhile; the next one may use the block already
                            words[done] = request
                            continue
                    result = run(environ, start_response)
                    if forked:
                        os._exit(0)                 # the application forked, and its child came back here
                    head = reply.ready
                    if head is not None and type(result) is list and len(result) == 1 and type(result[0]) is bytes:
                        data = result[0]
                        if reply.length != UNKNOWN and reply.length != len(data) or reply.special or not put(request, head, data):
                            reply.answer(result)
                    else:
                        reply.answer(result)
                except BaseException as error:      # SystemExit too: a request is no way to end the worker
                    if forked:
                        os._exit(0)
                    reply.fail(error)
                if reply.over:
                    reply.clear()
                else:
                    reply.ready, reply.environ = None, nothing
                count += 1
                words[finished] = count
                if count >= look_at:
                    look_at = wear.look(count)
            words[done] = request
            if ancillary:
                release(body, ancillary)
            body = environ = result = data = None
            if words[flags] or worker.leaving:
                worker.leaving = True
                return                              # simply stops receiving
        if not worker.rejoin(epoch):
            return
