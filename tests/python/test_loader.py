"""How the application is found, and what is said when it is not: `failed KIND` and exit code 22."""
import os
import shutil
import sys
import tempfile
import unittest

from rig import Rig

GOOD = '''
def application(environ, start_response):
    start_response('200 OK', [('X-Name', __name__)])
    return [b'application']
def other(environ, start_response):
    start_response('200 OK', [])
    return [b'other']
class Box:
    inner = staticmethod(other)
def create_app():
    return application
def needs_more(argument):
    return application
def broken_factory():
    raise KeyError('no such setting')
def none_factory():
    return None
number = 5
async def asynchronous(scope, receive, send):
    pass
class Asynchronous:
    async def __call__(self, scope, receive, send):
        pass
asgi_object = Asynchronous()
'''
FILES = {
    'good.py': GOOD,
    'site/inner/__init__.py': '',
    'site/inner/wsgi.py': GOOD,
    'package/__init__.py': '',
    'package/wsgi.py': GOOD,
    'package/missing_dependency.py': 'import absent_dependency\n',
    'package/own_missing.py': 'import package.absent\n',
    'package/name_missing.py': 'from package.wsgi import absent\n',
    'package/raising.py': 'def setting():\n    return 1 / 0\n\nsetting()\n',
    'package/syntax.py': 'def broken(:\n',
    'package/exiting.py': 'import sys\nsys.exit("no configuration")\n',
    'package/interrupted.py': 'raise KeyboardInterrupt\n',
    'package/empty.py': '',
    'package/flask_like.py': 'class Flask:\n    def __call__(self, environ, start_response):\n        pass\napp = Flask()\n',
    'package/renaming.py': '''
from os import getcwd, path, makedirs
from good import application as elsewhere, needs_more, create_app as build
class Proxy:
    __call__ = __getattr__ = lambda self, *arguments: self.outside
    @property
    def outside(self):
        raise RuntimeError('there is no request now')
proxy = Proxy()
def assemble():
    pass
''',
    'scripts/app.wsgi': GOOD,
    'scripts/my.site.py': GOOD,
    'venv/pyvenv.cfg': '',
    'first/twin.py': GOOD.replace("b'application'", "b'first'"),
    'second/twin.py': GOOD.replace("b'application'", "b'second'"),
    'twin.py': GOOD.replace("b'application'", "b'here'"),
    'threading_app.py': GOOD + 'import threading\nstop = threading.Event()\n'
                        'threading.Thread(target=stop.wait, name="ticker", daemon=True).start()\n',
    'django/__init__.py': '__version__ = "1.2.3"\ndef get_version():\n    return __version__\n',
    'framework_app.py': 'import django\nfrom good import application\n',
}


class Loading(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = os.path.realpath(tempfile.mkdtemp())
        for path, content in FILES.items():
            os.makedirs(os.path.dirname(os.path.join(cls.folder, path)), exist_ok=True)
            with open(os.path.join(cls.folder, path), 'w') as file:
                file.write(content)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def rig(self, start=True, **settings):
        settings = {name.replace('_', '-'): value for name, value in settings.items()}
        settings.setdefault('chdir', self.folder)
        settings.setdefault('module', '')
        rig = Rig(settings, start=start)
        self.addCleanup(rig.stop)
        return rig

    def test_found(self):
        wsgi_file = 'uwsgi_file_'
        for settings, body, name in (
                (dict(module='good'), b'application', 'good'),
                (dict(module='good:application'), b'application', 'good'),
                (dict(module='good:other'), b'other', None),
                (dict(module='good', callable='other'), b'other', None),
                (dict(module='good:create_app()'), b'application', 'good'),
                (dict(module='good', callable='create_app()'), b'application', 'good'),
                (dict(module='good:Box.inner'), b'other', None),
                (dict(module='package.wsgi'), b'application', 'package.wsgi'),
                (dict(wsgi_file='good.py'), b'application', wsgi_file + 'good'),
                (dict(wsgi_file='scripts/app.wsgi'), b'application', wsgi_file + 'scripts_app_wsgi'),
                (dict(wsgi_file='scripts/my.site.py', callable='application'), b'application', wsgi_file + 'scripts_my_site'),
                (dict(wsgi_file=self.folder + '/good.py'), b'application', wsgi_file + self.folder.replace('/', '_') + '_good'),
                (dict(module='good', lazy_apps=True), b'application', 'good'),
                (dict(module='twin'), b'here', 'twin'),
                (dict(module='twin', pythonpath=['first', 'second']), b'second', 'twin'),
                (dict(module='twin', pythonpath=['fir*', 'absent']), b'first', 'twin')):
            with self.subTest(settings):
                rig = self.rig(**settings)
                reply = rig.get('/')
                self.assertEqual((reply.body, reply.header('X-Name')), (body, name))

    def test_ready_tells_the_banner(self):
        facts = dict(line.split('=', 1) for line in self.rig(module='framework_app').messages[0].decode().split('\n')[1:])
        self.assertEqual({name: facts[name] for name in ('python', 'executable', 'application', 'framework')}, {
            'python': '%d.%d.%d' % sys.version_info[:3], 'executable': sys.executable,
            'application': 'framework_app:application', 'framework': 'Django 1.2.3'})
        self.assertGreater(float(facts['seconds']), 0)

    def test_not_found(self):
        for settings, kind, words in (
                (dict(), 'module-not-found', ['set module =']),
                (dict(module='absent'), 'module-not-found', ["No module named 'absent'", 'sys.path:', '  ' + self.folder]),
                (dict(module='absent.wsgi'), 'module-not-found', ["No module named 'absent'"]),
                (dict(module='inner.wsgi'), 'module-not-found', [self.folder + '/site: set chdir or pythonpath']),
                (dict(module='package.wsgi', chdir=self.folder + '/package'), 'module-not-found', [self.folder + ': set chdir']),
                (dict(module='package.absent'), 'module-not-found', ['it has: ', 'flask_like']),
                (dict(module='good.absent'), 'module-not-found', ['is one module']),
                (dict(module='good.py'), 'module-not-found', ['set wsgi-file = good.py']),
                (dict(module='.good'), 'module-not-found', ['.good']),
                (dict(wsgi_file='absent.py'), 'file-not-found', ['absent.py', self.folder]),
                (dict(chdir='/absent'), 'chdir', ['/absent', 'No such file or directory']),
                (dict(module='package.missing_dependency'), 'import-error',
                 ['import absent_dependency', "No module named 'absent_dependency'", '-m pip install']),
                (dict(module='package.own_missing'), 'import-error', ["No module named 'package.absent'"]),
                (dict(module='package.name_missing'), 'import-error', ["cannot import name 'absent'"]),
                (dict(module='package.raising'), 'import-error', ['line 4, in <module>', 'line 2, in setting', 'ZeroDivisionError']),
                (dict(module='package.syntax'), 'import-error', ['syntax.py", line 1', 'SyntaxError']),
                (dict(module='package.exiting'), 'import-error', ["sys.exit('no configuration')"]),
                (dict(module='package.interrupted'), 'import-error', ['KeyboardInterrupt']),
                (dict(wsgi_file='package/raising.py'), 'import-error', ['line 2, in setting', 'ZeroDivisionError']),
                (dict(module='package.empty'), 'callable-missing', ["has no 'application'", 'nothing in it']),
                (dict(module='package.flask_like'), 'callable-missing', ['callables in it: app; set callable = app']),
                (dict(module='good:absent'), 'callable-missing', ['application, create_app', 'create_app()']),
                (dict(module='package.renaming'), 'callable-missing', ['callables in it: elsewhere, assemble, proxy; set callable = elsewhere']),
                (dict(module='good:number'), 'not-callable', ['of type int', 'application']),
                (dict(module='good:number()'), 'not-callable', ['of type int']),
                (dict(module='good:none_factory()'), 'not-callable', ['None']),
                (dict(module='good:broken_factory()'), 'import-error', ["KeyError: 'no such setting'"]),
                (dict(module='good:needs_more()'), 'import-error', ['argument']),
                (dict(module='good:asynchronous'), 'asgi', ['ASGI']),
                (dict(module='good:asgi_object'), 'asgi', ['ASGI'])):
            with self.subTest(settings):
                rig = self.rig(start=False, **settings)
                head, _, text = rig.expect(b'failed').decode().partition('\n')
                self.assertEqual(head, 'failed ' + kind, text)
                for word in words:
                    self.assertIn(word, text)
                self.assertNotIn('<oneserve>', text)
                self.assertEqual(rig.wait(rig.prototype), 22)

    def test_a_virtual_environment_beside_the_application_is_named(self):
        text = self.rig(start=False, module='package.missing_dependency').expect(b'failed').decode()
        if sys.prefix == sys.base_prefix:
            self.assertIn('virtual environment in %s/venv' % self.folder, text)
        else:
            self.assertNotIn('virtual environment', text)

    def test_lazy_applications_fail_in_the_worker(self):
        rig = self.rig(start=False, module='package.raising', lazy_apps=True)
        rig.expect(b'ready')
        worker = rig.fork(ready=False)
        head, _, text = worker.control.recv(65536).decode().partition('\n')
        self.assertEqual(head, 'failed import-error')
        self.assertIn('ZeroDivisionError', text)
        self.assertEqual(rig.wait(worker.pid), 22)

    def test_without_need_app(self):
        rig = self.rig(module='package.raising', need_app=False)
        self.assertIn('ZeroDivisionError', rig.messages[0].decode())
        self.assertEqual(rig.get('/').status, '500 Internal Server Error')

    def test_threads_before_the_fork_are_named(self):
        rig = self.rig(module='threading_app')
        warning = rig.messages[0].decode()
        self.assertTrue(warning.startswith('warn\n'))
        self.assertIn('ticker', warning)
        self.assertIn('lazy-apps', warning)
        self.assertEqual(rig.log(), '')


if __name__ == '__main__':
    unittest.main()
