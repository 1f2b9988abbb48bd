"""What a process tells of the modules that it has loaded, for the master to watch (py-autoreload)."""
import importlib.util
import os
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

from rig import PYTHON, Rig

HEAD = """
import sys
sys.path.insert(0, %r)
from _oneserve import loader, modules
told = []
def send(message):
    verb, *lines = message.decode().split('\\n')
    told.extend((verb, line.replace(%r, '')) for line in lines)
config = {'ignore-modules': ['pack.ignored', 'absent.module']}
"""


class Modules(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = os.path.realpath(directory.name)
        self.write('app.py', 'import json, pack.inner\n')
        self.write('pack/__init__.py', '')
        self.write('pack/inner.py', '')
        self.write('pack/ignored.py', '')
        self.write('site-packages/library/__init__.py', '')

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def run_python(self, text):
        """What the program prints; its directory is the application's."""
        text = HEAD % (os.path.abspath(PYTHON), self.directory) + textwrap.dedent(text)
        return subprocess.run([sys.executable, '-B', '-c', text], cwd=self.directory, stdout=subprocess.PIPE, universal_newlines=True, check=True).stdout

    def test_sources_and_directories_are_told_once_and_the_standard_library_not_at_all(self):
        printed = self.run_python("""
            sys.path.append('site-packages')
            modules.report(config, send)
            told.clear()
            import app, library
            modules.report(config, send)
            modules.report(config, send)
            print(sorted(told))
        """)
        self.assertEqual(printed, str(sorted([
            ('ignored', '/pack/ignored.py'), ('modules', '/'), ('modules', '/app.py'), ('modules', '/pack/'), ('modules', '/pack/__init__.py'),
            ('modules', '/pack/inner.py'), ('modules', '/site-packages/library/__init__.py')])) + '\n')

    def test_a_worker_tells_the_names_of_what_is_loaded_late_but_no_librarys(self):
        printed = self.run_python("""
            sys.path.append('site-packages')
            modules.report(config, send)
            told.clear()
            import library, pack.inner
            modules.report(config, send, late=True)
            print([name for verb, name in told if verb == 'late'])
        """)
        self.assertEqual(printed, "['pack', 'pack.inner']\n")

    def test_the_files_of_a_failed_import_are_told(self):
        self.write('app.py', 'import broken.inner\n')
        self.write('broken/__init__.py', '')
        self.write('broken/inner.py', 'name = \n')
        printed = self.run_python("""
            modules.report(config, send)
            told.clear()
            try:
                loader.load({'module': 'app'})
            except loader.LoadError as error:
                modules.report(config, send, error)
            print(('modules', '/broken/inner.py') in told, ('modules', '/broken/') in told, ('modules', '/app.py') in told)
        """)
        self.assertEqual(printed, 'True True True\n')

    def test_many_paths_are_several_messages(self):
        printed = self.run_python("""
            sizes = []
            modules._tell(lambda message: sizes.append(len(message)), b'modules', ['/%0500d' % number for number in range(100)])
            print(len(sizes) > 2 and max(sizes) <= 16384 and sum(sizes) > 50000)
        """)
        self.assertEqual(printed, 'True\n')

    def test_what_requests_had_loaded_is_loaded_again(self):
        self.write('raises.py', 'raise KeyError("on purpose")\n')
        self.write('half.py', 'import absent\n')
        self.write('broken.py', 'name = \n')
        self.write('wants.py', 'from pack.inner import what_is_not_there\n')
        printed = self.run_python("""
            import os
            def load(edited, *names):
                try:
                    modules.load_again({'load-again': names, 'edited': [os.path.abspath(edited)]})
                    return 'loaded'
                except loader.LoadError as error:
                    return error.kind + ' ' + error.text.splitlines()[0].split()[0]
            print(load('raises.py', 'pack.inner', 'absent', 'absent.inner', 'pack.absent'), 'pack.inner' in sys.modules)
            for edited, name in (('raises.py', 'raises'), ('half.py', 'half'), ('broken.py', 'broken'), ('pack/inner.py', 'wants')):
                print(load(edited, name), load('app.py', name))
        """)
        self.assertEqual(printed.splitlines(), ['loaded True'] + ['import-error %s loaded' % name for name in ('raises', 'half', 'broken', 'wants')])

    def test_bytecode_of_a_young_source_is_not_believed(self):
        path = self.write('twice.py', 'text = 1\n')
        old = self.write('old.py', 'text = 1\n')
        moment = int(time.time()) - 1 + .1
        os.utime(old, (moment - 3600, moment - 3600))
        self.run_python("""
            sys.dont_write_bytecode = False
            modules._YOUNG = 60
            modules._distrust_young_bytecode()
            import twice, old
        """)
        cached = os.listdir(os.path.join(self.directory, '__pycache__'))
        self.assertEqual([name.partition('.')[0] for name in cached], ['old'])
        # Bytecode that somebody else has made of the text before, in the same second.
        subprocess.run([sys.executable, '-m', 'compileall', '-q', path], check=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write('text = 2\n')
        with open(importlib.util.cache_from_source(path), 'rb') as file:
            seconds = int.from_bytes(file.read(12)[8:], 'little')
        os.utime(path, (seconds, seconds))
        while time.time() < seconds:
            time.sleep(.01)
        printed = self.run_python("""
            modules._YOUNG = 1 << 30
            modules._distrust_young_bytecode()
            import twice
            print(twice.text)
        """)
        self.assertEqual(printed, '2\n')


class Life(unittest.TestCase):
    def test_a_worker_looks_after_each_request_and_the_prototype_before_it_is_ready(self):
        rig = Rig({'watch-modules': True}, start=False)
        try:
            verbs = []
            while not verbs or verbs[-1] != b'ready':
                verbs.append(rig.control.recv(65536).partition(b'\n')[0])
            self.assertIn(b'modules', verbs[:-1])
            worker = rig.fork()
            rig.reply(rig.request('/imports_late'))
            told = {}
            while not {b'modules', b'late'} <= set(told):
                verb, _, text = worker.control.recv(65536).partition(b'\n')
                told[verb] = text
            self.assertIn(b'/validated.py', told[b'modules'])
            self.assertIn(b'validated', told[b'late'].split(b'\n'))
        finally:
            rig.stop()


class FailurePage(unittest.TestCase):
    def test_it_shows_the_stack_to_browsers_in_html_and_else_as_text(self):
        rig = Rig({'catch-exceptions': True})
        try:
            text = rig.reply(rig.request('/raises_markup'))
            self.assertEqual((text.status, text.header('Content-Type')), ('500 Internal Server Error', 'text/plain; charset=utf-8'))
            self.assertIn(b'Traceback (most recent call last)', text.body)
            page = rig.reply(rig.request('/raises_markup', HTTP_ACCEPT='text/html,*/*'))
            self.assertEqual(page.header('Content-Type'), 'text/html; charset=utf-8')
            self.assertEqual(page.header('Cache-Control'), 'no-store')
            self.assertIn(b'&lt;script&gt;', page.body)
            self.assertNotIn(b'<script>', page.body)
            self.assertEqual(rig.reply(rig.request('/raises_markup', 'HEAD')).status, '500 Internal Server Error')
        finally:
            rig.stop()

    def test_not_by_default(self):
        rig = Rig()
        try:
            self.assertEqual(rig.reply(rig.request('/raises_markup', HTTP_ACCEPT='text/html')).body, b'Internal Server Error\n')
        finally:
            rig.stop()


if __name__ == '__main__':
    unittest.main()
