"""A slot's reply to the request in hand, in every form but the commonest one, which wsgi.py answers by itself.

States of a reply: nothing known; `ready` (start_response was called, the head waits for the first byte of the body);
`started` (the head has left by the link); `over` (nothing more may leave: complete, or `gone`, the client or the gateway has
left). A complete small reply goes from ready to over through the ring, all else by the link (docs/protocol.md, "Replies").
"""
import os
import time

from . import head as heads
from . import link as wire
from .file_wrapper import FileWrapper
from .report import log

_FAILED = heads.encode('500 Internal Server Error', [('Content-Type', 'text/plain; charset=utf-8')])[0]
_FAILED_BODY = b'Internal Server Error\n'
_NOTHING = {}
_VARIABLES_MOST = 64            # of a request, for the access log
_VARIABLE_LONGEST = 255         # characters of a name, and of a value as uWSGI keeps it
_SECOND = 10**9


class Reply:
    __slots__ = ('id', 'environ', 'ready', 'length', 'special', 'hinted', 'started', 'over', 'gone', '_sent', '_excess', '_words', '_line', '_put', '_link',
                 '_forked', '_variables', '_failure_page')

    def __init__(self, words, line, put, forked, failure_page=None):
        self._words, self._line, self._put, self._forked = words, line * wire.WORDS, put, forked
        self.id, self._link, self.special, self._failure_page = 0, None, True, failure_page
        self.clear()

    def attach(self, link):
        """From here on replies go by this link (a new epoch)."""
        self._link = link

    def clear(self):
        """Forgets the request that is done."""
        if self.special:
            self._words[self._line + wire.LIMIT] = 0
        self.environ, self.ready, self.length = _NOTHING, None, heads.UNKNOWN
        self.special = self.hinted = self.started = self.over = self.gone = self._excess = False
        self._sent, self._variables = 0, None

    # What the application calls

    def start_response(self, status, headers, exc_info=None):
        if exc_info is not None:
            try:
                if self.started or self.over:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None         # else the frame and the traceback refer to each other
        elif self.ready is not None or self.started or self.over:
            raise RuntimeError('start_response was called a second time without exc_info')
        if self.environ is _NOTHING:            # by a thread that the request has left behind: the slot's next one knows nothing of it
            raise RuntimeError('start_response was called when the request had ended')
        self.ready, self.length = heads.encode(status, headers)
        return self.write

    def write(self, data):
        if not isinstance(data, bytes):
            raise TypeError('write() takes bytes, not %s' % type(data).__name__)
        if not self.started:
            if self.ready is None and not self.over:
                raise RuntimeError('write() was called before start_response')
            if not data:
                return
        self._stream(data)

    def early_hints(self, headers):
        """environ['wsgi.early_hints']: sends 103 with these headers at once; after the head, or to HTTP/1.0, nothing."""
        if not self.started and not self.over and self.environ is not _NOTHING and self.environ.get('SERVER_PROTOCOL') != 'HTTP/1.0' and not self._cut_short():
            self._push(wire.interim_frame(self.id, heads.interim(headers)))
            self.special = self.hinted = True       # the reply follows on the link: in the ring it could overtake the hints

    def set_variable(self, name, value):
        """uwsgi.set_logvar: a value for the access log; it goes with the reply."""
        if self._variables is None:
            self._variables = {}
        if not self.over and len(name) <= _VARIABLE_LONGEST and (name in self._variables or len(self._variables) < _VARIABLES_MOST):
            self._variables[name] = value[:_VARIABLE_LONGEST]
            self.special = True

    def get_variable(self, name):
        return (self._variables or _NOTHING).get(name)

    def set_limit(self, seconds):
        """uwsgi.set_user_harakiri: the gateway looks at the limit once a second."""
        self._words[self._line + wire.LIMIT] = time.monotonic_ns() + int(seconds * _SECOND) if seconds > 0 else 0
        self.special = True

    def disconnect(self):
        """uwsgi.disconnect: nothing more is sent."""
        self.special = True
        if self.started:
            self._end()
        elif not self.over:
            self._abort()
        self.gone = True

    # What the slot calls

    def answer(self, result):
        """Sends what the application returned, and calls its close() exactly once, whatever happens."""
        try:
            kind = type(result)
            if kind is bytes:
                result, kind = [result], list           # iterated, these would be ints; uWSGI takes them as well
            if (kind is list or kind is tuple) and not self.started:
                self._whole(self._joined(result))
            else:
                region = result.region() if kind is FileWrapper else None
                if region is not None:
                    self._file(*region)
                else:
                    self._iterate(result)
        finally:
            close = getattr(result, 'close', None)
            if close is not None:
                close()
        if self._excess:
            log(self.environ, 'the body is longer than the declared Content-Length (%d); the rest was cut off' % self.length)

    def fail(self, error):
        """An exception has left the application: 500 when nothing has left yet, else the connection is cut."""
        self._words[self._line + wire.EXCEPTIONS] += 1
        if isinstance(error, (SystemExit, KeyboardInterrupt, GeneratorExit)):
            log(self.environ, '%s left the application; it ends this request, not the worker' % type(error).__name__, error)
        else:
            log(self.environ, 'an exception left the application', error)
        if self.over:
            return
        if self.started:
            self._abort()
        else:
            self.ready, self.length, body = _FAILED, heads.UNKNOWN, _FAILED_BODY
            if self._failure_page is not None:
                try:
                    self.ready, body = self._failure_page(self.environ, error)
                except Exception:               # of the exception's own __str__
                    pass
            self._whole(body)

    # Forms of a reply

    def _joined(self, blocks):
        for block in blocks:
            self._check(block)
        return blocks[0] if len(blocks) == 1 else b''.join(blocks)

    def _whole(self, body):
        """The complete body is known and nothing has left."""
        self._need_start()
        self._stay_parent()
        if self.length == heads.BODYLESS:
            body = b''
        elif 0 <= self.length != len(body) and not self._is_head():
            if len(body) > self.length:
                body, self._excess = body[:self.length], True
            else:
                log(self.environ, 'the body has %d bytes, but Content-Length says %d; the header was corrected'
                    % (len(body), self.length))
                self.ready, self.length = heads.with_length(self.ready, len(body)), len(body)
        if self._variables and not self.hinted:
            self.ready = heads.with_variables(self.ready, self._variables)
        if not self._cut_short() and (self.hinted or not self._put(self.id, self.ready, body)):
            if self.length == heads.UNKNOWN:            # known here, so HTTP need not frame it in chunks
                self.ready, self.length = heads.with_length(self.ready, len(body)), len(body)
            data = wire.data_frames(self.id, body) if body and not self._is_head() else []
            self._push(wire.head_frame(self.id, self.ready) + data + self._last(wire.end_frame))
        self.over = True

    def _iterate(self, blocks):
        if blocks is None:
            raise TypeError('the application returned None; it must return an iterable of bytes')
        for block in blocks:
            self._check(block)
            if self.over:               # complete; this call only let a generator run to its end
                if block:
                    self._excess = not self.gone
                    return
            elif self._cut_short():
                return
            elif block:
                if not self.started:
                    self._need_start()
                    if self.length == heads.BODYLESS:
                        self._whole(b'')
                        return
                    if self._is_head():
                        self._head_only()
                        return
                if not self.started and self.length == len(block):
                    self._whole(block)
                else:
                    self._stream(block)
                    if self._sent == self.length:
                        self._end()
                if self.gone:
                    return
        if self.over:
            return
        if self.started:
            self._end()
        elif self.length == heads.UNKNOWN and self._is_head():
            self._need_start()
            self._head_only()
        else:
            self._whole(b'')

    def _file(self, descriptor, offset, length):
        """A region of a regular file, by descriptor: the gateway sends it without a copy through Python."""
        if not self.started:
            self._need_start()
            if self.length == heads.BODYLESS or length == 0:
                self._whole(b'')
                return
            if self.length == heads.UNKNOWN or self.length > length and not self._is_head():
                if self.length > length:
                    log(self.environ, 'the file has %d bytes from its position on, but Content-Length says %d; the header was corrected'
                        % (length, self.length))
                self.ready, self.length = heads.with_length(self.ready, length), length
        if self.length >= 0:
            self._excess = length > self.length - self._sent
            length = min(length, self.length - self._sent)
        if self._cut_short():
            return
        if not self.started:
            self._push(wire.head_frame(self.id, self.ready))
            self.started, self.ready = True, None
        if length and not self._is_head():
            self._push(wire.file_frame(self.id, offset, length), descriptor)
            self._sent += length
        self._end()

    # Steps

    def _stream(self, block):
        """Sends a block at once; the first takes the head along."""
        if self.over or self._cut_short():
            self._excess = self._excess or not self.gone and block != b''
            return
        if self._is_head() or self.length == heads.BODYLESS:
            block = b''
        elif self.length >= 0 and len(block) > self.length - self._sent:
            block, self._excess = block[:self.length - self._sent], True
        buffers = [] if self.started else wire.head_frame(self.id, self.ready)
        self.started, self.ready, self._sent = True, None, self._sent + len(block)
        if block:
            buffers += wire.data_frames(self.id, block)
        if buffers:
            self._push(buffers)

    def _head_only(self):
        """The answer to HEAD when the length of the body is unknown: the link, where the gateway adds no Content-Length."""
        self._push(wire.head_frame(self.id, self.ready) + self._last(wire.end_frame))
        self.over = True

    def _end(self):
        if self._sent < self.length and not self._is_head():
            log(self.environ, 'the body ended after %d bytes, but Content-Length says %d; the connection is cut'
                % (self._sent, self.length))
            self._abort()
        else:
            self._push(self._last(wire.end_frame))
            self.over = True

    def _abort(self):
        self._push(self._last(wire.abort_frame))
        self.over = True

    def _last(self, frame):
        """The last frame, and before it what is to be logged."""
        if not self._variables:
            return frame(self.id)
        return wire.variables_frame(self.id, heads.variables(self._variables)) + frame(self.id)

    def _cut_short(self):
        """Whether the client has left. Then the reply is over: the iterable is closed, not read on."""
        if not self.over and self._words[self._line + wire.CANCELLED] == self.id:
            self._abort()
            self.gone = True
        return self.gone

    def _push(self, buffers, descriptor=None):
        if self.over:
            return
        self._stay_parent()
        try:
            wire.transmit(self._link, buffers, descriptor)
        except OSError:
            self.over = self.gone = True            # this gateway is dead; the end of the queue is seen next

    def _stay_parent(self):
        if self._forked:
            os._exit(0)                 # a child that the application forked: the reply belongs to its parent

    def _need_start(self):
        if self.ready is None:
            raise RuntimeError('the application did not call start_response before its first byte')

    def _is_head(self):
        return self.environ.get('REQUEST_METHOD') == 'HEAD'

    @staticmethod
    def _check(block):
        if not isinstance(block, bytes):
            raise TypeError('the application yielded %s, not bytes' % type(block).__name__)
