"""The bodies of requests as wsgi.input."""
import io
import os

_BUFFER = 1 << 16


class SpooledBody(io.RawIOBase):
    """The first `length` bytes of a file that the gateway has passed.

    It reads with preadv: the file's offset is shared with the gateway and says nothing.
    """

    def __init__(self, descriptor, length):
        self._descriptor, self._length, self._position = descriptor, length, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        left = self._length - self._position
        if left <= 0:
            return 0
        if len(buffer) > left:
            buffer = memoryview(buffer)[:left]
        count = os.preadv(self._descriptor, [buffer], self._position)
        self._position += count
        return count

    def seek(self, offset, whence=os.SEEK_SET):
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._length}[whence]
        if start + offset < 0:
            raise ValueError('negative seek position %d' % (start + offset))
        self._position = start + offset
        return self._position

    def tell(self):
        return self._position

    def close(self):
        if not self.closed:
            os.close(self._descriptor)
        super().close()


def spooled(descriptor, length):
    """wsgi.input over a passed descriptor, which closes with it."""
    return io.BufferedReader(SpooledBody(descriptor, length), _BUFFER)
