"""Several applications under one server: the longest prefix of the path, at a segment boundary, decides."""


class Mounts:
    """A WSGI application that hands each request to the application mounted at its path.

    apps: prefix -> application; '' is the one for all other paths (without it, the first serves them as well: uWSGI's default
    application). manage: the prefix moves from PATH_INFO to SCRIPT_NAME; else PATH_INFO stays whole.
    """

    def __init__(self, apps, manage):
        self.default = apps.get('') or next(iter(apps.values()))
        self._manage = manage
        # PATH_INFO is "bytes as latin-1", a configuration is text.
        prefixes = {prefix.encode().decode('latin-1'): app for prefix, app in apps.items() if prefix}
        self._by_prefix = prefixes
        self._longest_first = [(prefix, len(prefix), prefixes[prefix]) for prefix in sorted(prefixes, key=len, reverse=True)]

    def __call__(self, environ, start_response):
        path = environ['PATH_INFO']
        # A server in front that speaks the uwsgi protocol may choose itself; over HTTP neither is ever set.
        chosen = environ.get('UWSGI_APPID') or environ['SCRIPT_NAME']
        if chosen and not self._manage and chosen in self._by_prefix:
            return self._by_prefix[chosen](environ, start_response)
        for prefix, length, app in self._longest_first:
            if path.startswith(prefix) and path[length:length + 1] in ('', '/'):
                if self._manage:
                    environ['SCRIPT_NAME'], environ['PATH_INFO'] = prefix, path[length:]
                return app(environ, start_response)
        return self._by_prefix.get(chosen, self.default)(environ, start_response)


def normal(prefix):
    """'' for the root, else with a slash in front and none behind."""
    prefix = prefix.strip().strip('/')
    return '/' + prefix if prefix else ''
