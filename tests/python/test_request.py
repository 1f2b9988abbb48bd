"""What the application is given: environ and wsgi.input."""
import io
import os
import unittest

from rig import Rig, WITHDRAWN, WORDS, memory

LINES = b'first line\nsecond\n\nlast without end'


class Requests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = Rig(processes=2)

    @classmethod
    def tearDownClass(cls):
        cls.rig.stop()

    def setUp(self):
        self.rig.clear_log()

    def echo(self, body, by, how=''):
        if by == 'packet':
            return self.rig.get('/echo', 'POST', body, QUERY_STRING=how).body
        if by == 'memory':
            offset = 5 << 16
            self.rig.body_memory[offset:offset + len(body)] = body
            return self.rig.get('/echo', 'POST', offset << 32 | len(body), QUERY_STRING=how).body
        descriptor = memory('body', body + b'not of this request')
        try:
            os.lseek(descriptor, 7, os.SEEK_SET)        # the offset is shared and says nothing
            return self.rig.get('/echo', 'POST', len(body), descriptor, QUERY_STRING=how).body
        finally:
            os.close(descriptor)

    def test_a_request_that_has_waited_for_too_long(self):
        rig = Rig({'request-queue-timeout': 5})
        self.addCleanup(rig.stop)
        reply = rig.reply(rig.request('/hello', age=6))
        self.assertEqual((reply.status, reply.header('Retry-After'), reply.body), ('503 Service Unavailable', '1', b''))
        self.assertEqual(rig.reply(rig.request('/hello', age=4)).status, '200 OK')
        self.assertEqual(self.rig.reply(self.rig.request('/hello', age=3600)).status, '200 OK')     # no limit, none is kept

    def test_a_request_whose_client_has_left_before_it_was_taken(self):
        rig = Rig()
        self.addCleanup(rig.stop)
        left = rig.epoch << 40 | rig.sequence + 2
        rig.words[(1 + left % 1023) * WORDS + WITHDRAWN] = rig.words[2] = left
        replies = [rig.reply(rig.request('/hello')).status for _ in range(3)]
        self.assertEqual(replies, ['200 OK', '503 Service Unavailable', '200 OK'])

    def test_reading(self):
        for by in ('packet', 'memory', 'descriptor'):
            for how, expected in (
                    ('', LINES + b'|'),
                    ('short', LINES[:2]),
                    ('lines', b'|'.join(io.BytesIO(LINES).readlines())),
                    ('parts', b'fir|st line\n|se|cond\n|\n|last without end|'),
                    ('replaced', LINES)):
                with self.subTest(by=by, how=how):
                    self.assertEqual(self.echo(LINES, by, how), expected)
        self.assertEqual(self.rig.log(), '')

    def test_sizes(self):
        for by, size in (('packet', 1), ('packet', 1000), ('memory', 1024), ('memory', 65536), ('descriptor', 65537),
                         ('descriptor', 3000000)):
            with self.subTest(by=by, size=size):
                body = os.urandom(size)
                self.assertEqual(self.echo(body, by), body + b'|')

    def test_blocks_of_a_large_body(self):
        body = os.urandom(300001)
        self.assertEqual(self.echo(body, 'descriptor', 'blocks').replace(b'|', b''), body.replace(b'|', b''))

    def test_no_body(self):
        self.assertEqual(self.rig.get('/echo').body, b'|')

    def test_descriptors_are_closed_with_the_request(self):
        folder = '/proc/%d/fd' % self.rig.workers[0].pid
        self.echo(LINES, 'descriptor')
        self.rig.get('/hello')
        before = sorted(os.listdir(folder))
        for how in ('', 'replaced'):
            self.echo(LINES, 'descriptor', how)
        descriptor = memory('body', LINES)
        self.rig.request('/hello', descriptor=descriptor, request=self.rig.epoch - 1 << 40 | 1)     # dropped
        os.close(descriptor)
        self.rig.get('/hello')
        self.assertEqual(sorted(os.listdir(folder)), before)

    def test_flags(self):
        self.assertEqual(eval(self.rig.get('/flags').body), {
            'wsgi.version': (1, 0), 'wsgi.multithread': False, 'wsgi.multiprocess': True, 'wsgi.run_once': False,
            'wsgi.input_terminated': True})

    def test_errors_go_to_stderr(self):
        self.assertEqual(self.rig.get('/errors').status, '204 No Content')
        self.assertEqual(self.rig.log(), 'to the log\n')
        self.assertEqual(self.rig.printed(), 'to stdout\n')     # at once, though it is no terminal


class Validated(unittest.TestCase):
    """Under wsgiref.validate, which raises for whatever either side does wrong."""

    def test_conformance(self):
        rig = Rig(module='validated')
        try:
            for path, method, input, status, body in (
                    ('/hello', 'GET', None, '200 OK', b'Hello, World!'),
                    ('/hello', 'HEAD', None, '200 OK', b''),
                    ('/generator', 'GET', None, '200 OK', b'one two'),
                    ('/lazy_start', 'GET', None, '200 OK', b'late'),
                    ('/written', 'GET', None, '200 OK', b'one two three'),
                    ('/unknown_length', 'HEAD', None, '200 OK', b''),
                    ('/exact', 'GET', None, '200 OK', b'exact'),
                    ('/echo', 'POST', LINES, '200 OK', LINES),
                    ('/not_modified', 'GET', None, '304 Not Modified', b''),
                    ('/file', 'GET', None, '200 OK', b'0123456789' * 1000),
                    ('/errors', 'GET', None, '204 No Content', b'')):
                with self.subTest(path=path, method=method):
                    reply = rig.get(path, method, input)
                    self.assertEqual((reply.status, reply.body), (status, body), rig.log())
            rig.get('/hello')
            self.assertEqual(rig.log(), 'to the log\n')
        finally:
            rig.stop()


if __name__ == '__main__':
    unittest.main()
