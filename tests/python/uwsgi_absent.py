"""An application that finds no module uwsgi."""
from apps import application         # noqa: F401

try:
    import uwsgi
except ImportError:
    pass
else:
    raise AssertionError('there is a module uwsgi: %r' % uwsgi)
