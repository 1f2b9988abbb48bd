"""The wires of a worker: passed descriptors, the scoreboard's words, the reply ring and the frames of the reply link.

All layouts are those of docs/protocol.md.
"""
import array
import os
import socket
import struct
from _thread import allocate_lock   # gevent puts locks without a fence in the place of threading's

LINE = 128                      # bytes of a scoreboard line
WORDS = LINE // 8
BOARD = 1024 * LINE

# Words of the scoreboard's header, line 0
EPOCH, ASLEEP, WITHDRAWN_LAST = range(3)
# Words of a slot's line
TAKEN, SENT_AT, DONE, TAKEN_AT, PID, FLAGS, PRODUCED, CONSUMED, CANCELLED, FINISHED, EXCEPTIONS, THREAD, OWNER, LIMIT = range(14)
WITHDRAWN = 15                  # of any slot's request
LEAVE = 1                       # the flag in FLAGS

EPOCH_SHIFT = 40                # a request id is epoch << 40 | sequence

RING = 1 << 18                  # bytes of a slot's reply ring
REPLY_MAX = 1 << 16             # a reply of more bytes takes the link
PACKET_MAX = 1 << 18            # bytes of a request packet

HEAD, DATA, END, ABORT, FILE, INTERIM, VARIABLES, TIME_LIMIT = 1, 2, 3, 4, 5, 6, 7, 8    # kinds of link frames
CANCEL, PAUSE, RESUME = 16, 17, 18                          # those of the gateway
DATA_MAX = 1 << 20              # bytes in one DATA frame: lets the gateway bound what it takes at once

_frame = struct.Struct('<QII').pack             # id, length of the payload, kind
_orders = struct.Struct('<QII').iter_unpack
_time = struct.Struct('<Q').pack                # CLOCK_MONOTONIC, ns
_region = struct.Struct('<QQ').pack             # offset, length
_entry = struct.Struct('<QII').pack             # id, length of the head, length of the body
_Socket = socket.socket         # gevent puts another one in its place
_SKIP = b'\xff' * 16
_ONE = struct.pack('=Q', 1)
# x86 keeps the order of stores; elsewhere the entry could become visible after the counter that announces it.
_WEAKLY_ORDERED = os.uname().machine not in ('x86_64', 'i686')
_TEXT_MOST = 30000
_MOST_DESCRIPTORS = 253         # SCM_MAX_FD, unix(7)


def receive(control, size=65536):
    """The next message of a control socket and the descriptors that came with it (close-on-exec)."""
    data, ancillary, _, _ = control.recvmsg(size, socket.CMSG_SPACE(_MOST_DESCRIPTORS * 4), socket.MSG_CMSG_CLOEXEC)
    descriptors = array.array('i')
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(payload[:len(payload) - len(payload) % descriptors.itemsize])
    return data, list(descriptors)


def message(verb, text):
    """A message of a control socket with free text. A packet is bounded: of a longer text the middle is left out."""
    data = text.encode('utf-8', 'backslashreplace')
    if len(data) > _TEXT_MOST:
        data = data[:_TEXT_MOST // 4] + b'\n...\n' + data[-_TEXT_MOST * 3 // 4:]
    return verb.encode() + b'\n' + data


def adopt(descriptor):
    """A blocking socket object for a descriptor that was passed to us."""
    sock = _Socket(fileno=descriptor)
    sock.setblocking(True)
    return sock


def transmit(link, buffers, descriptor=None):
    """Writes all buffers to a stream socket, in as few calls as possible; the descriptor rides with the first byte."""
    rights = [] if descriptor is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [descriptor]))]
    sent = link.sendmsg(buffers, rights)
    for buffer in buffers:
        if sent >= len(buffer):
            sent -= len(buffer)
        else:                   # a signal cut the call short
            link.sendall(memoryview(buffer)[sent:])
            sent = 0


def orders(data):
    """(id, kind) of each whole frame of the gateway in data, and what is left."""
    whole = len(data) & -16
    return [frame[::2] for frame in _orders(data[:whole])], data[whole:]


def is_withdrawn(words, request):
    """Whether nobody waits for this request any more. To be asked for ids up to that in WITHDRAWN_LAST only: no other can be."""
    return words[(1 + request % (BOARD // LINE - 1)) * WORDS + WITHDRAWN] == request


def head_frame(request, head):
    return [_frame(request, len(head), HEAD), head]


def interim_frame(request, head):
    return [_frame(request, len(head), INTERIM), head]


def data_frames(request, data):
    if len(data) <= DATA_MAX:
        return [_frame(request, len(data), DATA), data]
    whole, buffers = memoryview(data), []
    for start in range(0, len(data), DATA_MAX):
        part = whole[start:start + DATA_MAX]
        buffers += _frame(request, len(part), DATA), part
    return buffers


def time_limit_frame(request, until):
    return [_frame(request, 8, TIME_LIMIT), _time(until)]


def variables_frame(request, variables):
    return [_frame(request, len(variables), VARIABLES), variables]


def end_frame(request):
    return [_frame(request, 0, END)]


def abort_frame(request):
    return [_frame(request, 0, ABORT)]


def file_frame(request, offset, length):
    return [_frame(request, 16, FILE), _region(offset, length)]


def reply_ring(words, line, memory, wake):
    """Returns put(request, head, body), which publishes one complete reply in the slot's ring.

    put returns False when the reply is too large or the ring too full: then it has to take the link. It is a closure, not a
    class, because it runs once a request and reads ten names: cells cost a fraction of attributes on CPython up to 3.10.

    words: the scoreboard as u64; memory: the slot's ring; wake: the gateway's eventfd.
    """
    produced_word, consumed_word = line * WORDS + PRODUCED, line * WORDS + CONSUMED
    produced = words[produced_word]             # goes on where the line's last process stopped: nothing of its is lost
    consumed = words[consumed_word]
    fence = allocate_lock()
    fence.acquire()
    release, acquire = fence.release, fence.acquire     # one after the other: a full memory fence
    entry, write = _entry, os.write

    def put(request, head, body):
        nonlocal produced, consumed
        head_size, body_size = len(head), len(body)
        size = 16 + head_size + body_size
        if size > REPLY_MAX:
            return False
        padded = size + 15 & -16
        at = produced & RING - 1
        need = padded if at + padded <= RING else RING - at + padded    # else the rest of the ring is skipped
        if produced + need - consumed > RING:
            consumed = words[consumed_word]
            if produced + need - consumed > RING:
                return False
        if need != padded:
            memory[at:at + 16] = _SKIP
            at = 0
        if size < 4096:
            memory[at:at + size] = entry(request, head_size, body_size) + head + body
        else:                                   # one copy of the body less
            body_at = at + 16 + head_size
            memory[at:body_at] = entry(request, head_size, body_size) + head
            memory[body_at:at + size] = body
        if _WEAKLY_ORDERED:
            release()
            acquire()
        produced += need
        words[produced_word] = produced         # published
        release()
        acquire()                               # published before we look: the gateway sets its word before it looks at us
        if words[ASLEEP]:
            write(wake, _ONE)
        return True

    return put
