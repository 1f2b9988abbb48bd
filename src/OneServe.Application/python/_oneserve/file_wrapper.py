"""wsgi.file_wrapper (PEP 3333, "Optional Platform-Specific File Handling")."""
import io
import os
import stat


class FileWrapper:
    """Wraps a file-like object so that, returned unchanged by the application, a regular file leaves by its descriptor."""

    def __init__(self, filelike, block_size=8192):
        self.filelike, self.block_size = filelike, block_size
        if hasattr(filelike, 'close'):
            self.close = filelike.close

    def __iter__(self):
        return self

    def __next__(self):
        block = self.filelike.read(self.block_size)
        if block:
            return block
        raise StopIteration

    def region(self):
        """(descriptor, offset, length) from the file's position to its end, or None when only read() tells the content.

        Only for the exact types of io over a plain file: a GzipFile, or a buffer over one, also has a fileno(), but that of
        the compressed file.
        """
        file = self.filelike
        raw = file.raw if type(file) in (io.BufferedReader, io.BufferedRandom) else file
        if type(raw) is not io.FileIO:
            return None
        try:
            if not raw.readable():
                return None
            file.flush()
            descriptor, offset = raw.fileno(), file.tell()
            status = os.fstat(descriptor)
        except (OSError, ValueError):
            return None         # closed or not seekable; read() will say what is wrong, if anything is
        # A file without blocks says nothing true of its size: those of /proc have 0, those of /sys 4096, whatever can be read.
        if not stat.S_ISREG(status.st_mode) or status.st_blocks == 0:
            return None
        return descriptor, offset, max(0, status.st_size - offset)
