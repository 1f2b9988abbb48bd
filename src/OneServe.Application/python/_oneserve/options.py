"""`uwsgi.opt`: the configuration as a dict, as uWSGI gives it."""


class Options(dict):
    """Names are str and values bytes, or a list of them. Old code looks names up as bytes: it finds them too."""

    def __getitem__(self, name):
        return super().__getitem__(_text(name))

    def __contains__(self, name):
        return super().__contains__(_text(name))

    def get(self, name, default=None):
        return super().get(_text(name), default)


def of(settings):
    """settings: (name, value) pairs, in order; what is written more than once becomes a list."""
    found = {}
    for name, value in settings:
        found.setdefault(name, []).append(value.encode())
    return Options((name, values[0] if len(values) == 1 else values) for name, values in found.items())


def _text(name):
    return name.decode('utf-8', 'replace') if isinstance(name, bytes) else name
