# Run as `PYTHON -c`, also by interpreters that are too old: everything before the version check is plain enough for Python 2.
import os, sys
if sys.version_info < (3, 8):
    os.write(3, ('failed python-too-old\n%s is Python %s; OneServe needs Python 3.8 or later'
                 % (sys.executable, sys.version.split()[0])).encode())
    os._exit(22)


def start():
    import marshal

    bundle = marshal.loads(os.pread(4, os.fstat(4).st_size, 0))
    os.close(4)
    sources = bundle['sources']

    class Sources:
        """Finder and loader of the package _oneserve, and of uwsgi and uwsgidecorators unless `uwsgi-module` is off.

        It answers get_source, so tracebacks show source lines.
        """

        def path(self, name):
            path = name.replace('.', '/')
            return path + '/__init__.py' if path + '/__init__.py' in sources else path + '.py'

        def find_spec(self, name, path=None, target=None):
            if self.path(name) not in sources:
                return None
            return type(sys.__spec__)(name, self, origin=self.path(name), is_package=name == '_oneserve')

        def create_module(self, spec):
            return None

        def exec_module(self, module):
            origin = module.__spec__.origin
            exec(compile(sources[origin], '<oneserve>/' + origin, 'exec', dont_inherit=True), module.__dict__)

        def get_source(self, name):
            return sources[self.path(name)]

        def is_package(self, name):
            return name == '_oneserve'

    sys.meta_path.insert(0, Sources())
    if bundle.get('role') == 'rehearsal':
        from _oneserve import rehearsal as role
    else:
        from _oneserve import prototype as role
    role.main(bundle['config'])


start()
