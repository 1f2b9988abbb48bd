"""How the application is found, and what is said when it is not: `failed KIND` and exit code 22."""
import json
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
    'mounted.py': 'import json\n'
                  'def make(name):\n'
                  '    def application(environ, start_response):\n'
                  '        start_response("200 OK", [])\n'
                  '        return [json.dumps([name, environ["SCRIPT_NAME"], environ["PATH_INFO"]]).encode()]\n'
                  '    return application\n'
                  'application, blog, feed = make("main"), make("blog"), make("feed")\n'
                  'loads = []\n',
    'table.py': 'from mounted import make, application\n'
                'applications = {"/x": make("x"), b"/y/": "application", "": make("root")}\n',
    'no_table.py': 'from mounted import application\napplications = {"blog": 1}\n',
    'sub.py': 'import mounted\nmounted.loads.append(1)\napplication = mounted.make("sub%d" % len(mounted.loads))\n',
    'argued.py': 'import sys\nargv = list(sys.argv)\nimported = "helper" in sys.modules\n' + GOOD.replace("b'application'", "repr((argv, imported)).encode()"),
    'helper.py': '',
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

    def test_mounts(self):
        mounts = ['/blog=mounted:blog', '/blog/feed/ = mounted:feed', '/ä=sub.py', '/sub=sub.py']
        for settings, cases in (
                (dict(module='mounted', mount=mounts, manage_script_name=True), {
                    '/': ['main', '', '/'], '/blog': ['blog', '/blog', ''], '/blog/': ['blog', '/blog', '/'],
                    '/blog/1': ['blog', '/blog', '/1'], '/blogger': ['main', '', '/blogger'], '/blog/feed': ['feed', '/blog/feed', ''],
                    '/blog/feeds': ['blog', '/blog', '/feeds'], '/blog//feed': ['blog', '/blog', '//feed'], '//blog': ['main', '', '//blog'],
                    '/\xc3\xa4/\xc3\xa4': ['sub1', '/\xc3\xa4', '/\xc3\xa4'], '/sub/1': ['sub1', '/sub', '/1'], '': ['main', '', '']}),
                (dict(module='mounted', mount=mounts), {'/blog/1': ['blog', '', '/blog/1'], '/1': ['main', '', '/1']}),
                (dict(mount=mounts, manage_script_name=True), {'/1': ['blog', '', '/1'], '/sub': ['sub1', '/sub', '']}),
                (dict(mount=['/=mounted', '/sub=sub.py'], callable='application'), {'/1': ['main', '', '/1']}),
                (dict(mount=['/=mounted'], callable='feed', manage_script_name=True), {'/1': ['feed', '', '/1']}),
                (dict(module='table', manage_script_name=True), {
                    '/x/1': ['x', '/x', '/1'], '/y': ['main', '/y', ''], '/z': ['root', '', '/z']}),
                (dict(module='table', callable='application'), {'/x/1': ['main', '', '/x/1']}),
                (dict(module='no_table'), {'/blog': ['main', '', '/blog']}),
                (dict(module='mounted', mount=mounts, lazy_apps=True, manage_script_name=True), {'/blog/1': ['blog', '/blog', '/1']})):
            rig = self.rig(**settings)
            for path, expected in cases.items():
                with self.subTest(settings, path=path):
                    self.assertEqual(json.loads(rig.get(path).body), expected)

    def test_mounts_that_cannot_be_loaded(self):
        for mount, kind, words in (
                ('/a=absent.py', 'file-not-found', 'mount = absent.py'), ('/a=absent', 'module-not-found', "No module named 'absent'"),
                ('/a=mounted:absent', 'callable-missing', 'blog'), ('/a=mounted:loads', 'not-callable', 'list')):
            with self.subTest(mount):
                head, _, text = self.rig(start=False, module='good', mount=[mount]).expect(b'failed').decode().partition('\n')
                self.assertEqual(head, 'failed ' + kind)
                self.assertIn(words, text)

    def test_mounts_in_the_banner(self):
        facts = dict(line.split('=', 1) for line in
                     self.rig(module='mounted', mount=['/blog=mounted:blog']).messages[0].decode().split('\n')[1:])
        self.assertEqual(facts['application'], 'mounted:application, mounted:blog on /blog')

    def test_arguments_and_imports(self):
        for settings, expected in (
                (dict(), (['oneserve'], False)),
                (dict(pyargv='--site a.b  c'), (['oneserve', '--site', 'a.b', 'c'], False)),
                ({'import': ['helper']}, (['oneserve'], True)),
                ({'shared-import': ['helper'], 'lazy-apps': True}, (['oneserve'], True)),
                ({'import': ['helper'], 'lazy-apps': True}, (['oneserve'], True))):
            with self.subTest(settings):
                self.assertEqual(self.rig(module='argued', **settings).get('/').body.decode(), repr(expected))
        text = self.rig(start=False, **{'module': 'good', 'shared-import': ['absent']}).expect(b'failed').decode()
        self.assertIn("No module named 'absent'", text)

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
