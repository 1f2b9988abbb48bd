"""What a person reads in the log when the application fails: tracebacks without this server's own frames."""
import sys
import traceback

_OURS = '<oneserve>/'


def traceback_text(error):
    """The whole traceback of error as Python prints it, beginning at the first frame that is not ours or importlib's."""
    trace = error.__traceback__
    while trace is not None and _is_plumbing(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return ''.join(traceback.format_exception(type(error), error, trace))


def _is_plumbing(filename):
    return filename.startswith((_OURS, '<frozen importlib')) or filename.endswith('/importlib/__init__.py')


def has_foreign_frames(error):
    """Whether code other than ours and importlib's took part in raising error."""
    trace = error.__traceback__
    while trace is not None:
        if not _is_plumbing(trace.tb_frame.f_code.co_filename):
            return True
        trace = trace.tb_next
    return False


def log(environ, message, error=None):
    """Writes one message about the request with this environ (None: it could not even be decoded) to stderr, in one piece."""
    environ = environ or {}
    text = '%s %s: %s\n' % (environ.get('REQUEST_METHOD', '?'), environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', '?'), message)
    if error is not None:
        try:
            text += traceback_text(error)
        except Exception as broken:     # an exception whose __str__ raises, in Pythons that do not guard it
            text += '%s (its traceback cannot be shown: %s)\n' % (type(error).__name__, type(broken).__name__)
    write(text)


def note(message):
    """Writes one message that belongs to no request."""
    write(message + '\n')


def write(text):
    """Writes text to stderr, if anybody reads that."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        pass                    # nobody reads our stderr, or the application has closed it
