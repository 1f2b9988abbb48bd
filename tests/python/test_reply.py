"""Replies of every form, and every mistake an application can make with one."""
import marshal
import os
import random
import select
import shutil
import socket
import tempfile
import unittest

from rig import ABORT, CANCELLED, DATA, DONE, END, EXCEPTIONS, FILE, FINISHED, HEAD, INTERIM, PRODUCED, RING, Reply, Rig, send, wait_until
import apps


class Replies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = Rig()

    @classmethod
    def tearDownClass(cls):
        cls.rig.stop()

    def setUp(self):
        self.rig.clear_log()

    def tearDown(self):
        reply = self.rig.get('/hello')          # whatever came before: the next reply is right, from the same worker
        self.assertEqual((reply.status, reply.body, reply.frames), ('200 OK', b'Hello, World!', None))
        self.assertEqual(len(self.rig.workers), 1)

    def closes(self):
        return int(self.rig.get('/closes').body)

    def test_forms(self):
        text = ('Content-Type', 'text/plain')
        for path, body, frames, headers in (
                ('/hello', b'Hello, World!', None, [text, ('Content-Length', '13')]),
                ('/generator', b'one two', [HEAD, DATA, DATA, END], [text]),
                ('/lazy_start', b'late', [HEAD, DATA, END], [text]),
                ('/list_of_many', b'abc', None, [text]),
                ('/nothing', b'', None, [text]),
                ('/plain_bytes', b'plain', None, [text]),
                ('/exact_iterable', b'exact', None, [('Content-Length', '5')]),
                ('/whole_large', b'x' * 3000000, [HEAD, DATA, DATA, DATA, END], [text, ('Content-Length', '3000000')]),
                ('/written', b'one two three', [HEAD, DATA, DATA, DATA, END], [text]),
                ('/written_exactly', b'one', [HEAD, DATA, END], [('Content-Length', '3')]),
                ('/subclasses', b'ok', None, [('X-Text', 'yes')])):
            with self.subTest(path):
                reply = self.rig.get(path)
                self.assertEqual((reply.status, reply.body, reply.frames, reply.headers), ('200 OK', body, frames, headers))
        self.assertEqual(self.rig.log(), '')

    def test_latin_1(self):
        reply = self.rig.get('/latin/\xe9\xff')
        self.assertEqual((reply.status, reply.headers, reply.body), ('200 Tr\xe8s bien', [('X-Name', 'Zo\xeb')], b'/latin/\xe9\xff'))

    def test_mistakes_before_the_head_left(self):
        for path, words in (
                ('/raises', 'ValueError: before start_response'),
                ('/raises_after_start', 'ValueError: after start_response'),
                ('/raises_in_first', 'ValueError: while iterating'),
                ('/exits', 'SystemExit'),
                ('/interrupts', 'KeyboardInterrupt'),
                ('/returns_none', 'returned None'),
                ('/returns_text', 'yielded str, not bytes'),
                ('/never_starts', 'did not call start_response'),
                ('/starts_twice', 'second time without exc_info')):
            with self.subTest(path):
                self.rig.clear_log()
                before = self.rig.word(EXCEPTIONS)
                reply = self.rig.get(path)
                self.assertEqual((reply.status, reply.body), ('500 Internal Server Error', b'Internal Server Error\n'))
                self.assertIn('GET %s: ' % path, self.rig.log())
                self.assertIn(words, self.rig.log())
                self.assertEqual(self.rig.word(EXCEPTIONS), before + 1)

    def test_bad_heads(self):
        for case in apps.BAD_HEADS:
            with self.subTest(case):
                self.rig.clear_log()
                self.assertEqual(self.rig.get('/bad_head', QUERY_STRING=case).status, '500 Internal Server Error')
                self.assertIn('RuntimeError', self.rig.log())

    def test_connection_headers_are_left_out_and_told_once(self):
        for _ in range(3):
            reply = self.rig.get('/keep_alive')
            self.assertEqual((reply.status, reply.headers), ('200 OK', apps.TEXT))
        self.assertLessEqual(self.rig.log().count('Connection, which'), 1)
        self.assertLessEqual(self.rig.log().count('Keep-Alive, which'), 1)

    def test_early_hints(self):
        first, second = [('Link', '</a.css>; rel=preload')], [('Link', '</b.js>; rel=preload')]
        for query, status in (('', '200 OK'), ('stream', '200 OK'), ('bad', '500 Internal Server Error')):
            with self.subTest(query):
                request = self.rig.request('/hinted', QUERY_STRING=query)
                link = self.rig.workers[0].links[0]
                for hints in (first, second):
                    answered, kind, payload, _ = self.rig.frame(link)
                    self.assertEqual((answered, kind, marshal.loads(payload)), (request, INTERIM, ('103 Early Hints', hints)))
                reply = self.rig.reply(request)
                self.assertEqual(reply.status, status)
        self.assertIn('characters', self.rig.log())
        self.assertEqual(self.rig.get('/hinted', SERVER_PROTOCOL='HTTP/1.0').body, b'hinted')

    def test_what_a_request_has_left_behind_cannot_answer_the_next_one(self):
        fifo = os.path.join(tempfile.mkdtemp(), 'go')
        os.mkfifo(fifo)
        request = self.rig.request('/left_behind', QUERY_STRING=fifo)
        self.assertEqual(self.rig.reply(request).body, b'body')
        wait_until(lambda: self.rig.word(DONE) == request)
        with open(fifo, 'wb'):
            pass
        wait_until(lambda: self.rig.log().count('late: ') == 2)
        self.assertIn('start_response was called when the request had ended', self.rig.log())
        shutil.rmtree(os.path.dirname(fifo))

    def test_a_traceback_begins_in_the_application_and_shows_its_lines(self):
        self.rig.get('/raises')
        lines = self.rig.log().splitlines()
        self.assertEqual(lines[:2], ['GET /raises: an exception left the application', 'Traceback (most recent call last):'])
        self.assertIn('apps.py', lines[2])
        self.assertNotIn('<oneserve>', self.rig.log())

    def test_our_own_frames_show_source_lines(self):
        self.rig.get('/starts_twice')           # the traceback ends in start_response, which is ours
        self.assertIn('<oneserve>/_oneserve/reply.py', self.rig.log())
        self.assertIn("raise RuntimeError('start_response was called a second time", self.rig.log())

    def test_mistakes_after_the_head_left(self):
        for path, body in (('/raises_in_second', b'first'), ('/starts_too_late', b'begun')):
            with self.subTest(path):
                reply = self.rig.get(path)
                self.assertEqual((reply.status, reply.body, reply.frames), ('200 OK', body, [HEAD, DATA, ABORT]))
                self.assertIn('ValueError', self.rig.log())

    def test_start_response_again_before_the_head_left(self):
        reply = self.rig.get('/starts_again')
        self.assertEqual((reply.status, reply.body), ('503 Sorry', b'sorry'))

    def test_close_is_called_once(self):
        for path in ('/exact_iterable', '/raises_in_first', '/raises_in_second', '/raises_in_close', '/unknown_length',
                     '/endless_with_length', '/length?5,blocks', '/length?10,blocks', '/bodyless?204 No Content,blocks'):
            with self.subTest(path):
                before = self.closes()
                path, _, query = path.partition('?')
                self.rig.get(path, QUERY_STRING=query)
                self.assertEqual(self.closes(), before + 1)

    def test_an_exception_in_close_leaves_the_reply_alone(self):
        reply = self.rig.get('/raises_in_close')
        self.assertEqual((reply.status, reply.body), ('200 OK', b'fine'))
        self.rig.get('/hello')
        self.assertIn('ValueError: in close', self.rig.log())

    def test_content_length_against_the_body(self):
        for query, declared, body, ending, complaint in (
                ('10,list', '10', b'0123456789', None, None),
                ('10,blocks', '10', b'0123456789', END, None),
                ('10,write', '10', b'0123456789', END, None),
                ('5,list', '5', b'01234', None, 'longer'),
                ('5,many', '5', b'01234', None, 'longer'),
                ('5,blocks', '5', b'01234', None, 'longer'),
                ('5,write', '5', b'01234', END, 'longer'),
                ('7,blocks', '7', b'0123456', END, 'longer'),
                ('7,write', '7', b'0123456', END, 'longer'),
                ('12,list', '10', b'0123456789', None, 'corrected'),
                ('12,many', '10', b'0123456789', None, 'corrected'),
                ('12,empty', '0', b'', None, 'corrected'),
                ('12,blocks', '12', b'0123456789', ABORT, 'cut'),
                ('12,write', '12', b'0123456789', ABORT, 'cut')):
            with self.subTest(query):
                self.rig.clear_log()
                reply = self.rig.get('/length', QUERY_STRING=query)
                self.rig.get('/hello')          # what the slot logs after the reply is there by now
                self.assertEqual((reply.header('Content-Length'), reply.body, reply.ending), (declared, body, ending))
                if complaint:
                    self.assertIn(complaint, self.rig.log())
                else:
                    self.assertEqual(self.rig.log(), '')

    def test_replies_without_a_body(self):
        for status, headers in (('204 No Content', [('X-A', 'b')]), ('304 Not Modified', [('Content-Length', '4'), ('X-A', 'b')])):
            for form in ('list', 'blocks', 'write'):
                with self.subTest(status=status, form=form):
                    reply = self.rig.get('/bodyless', QUERY_STRING='%s,%s' % (status, form))
                    self.assertEqual((reply.status, reply.headers, reply.body), (status, headers, b''))
        self.assertEqual(self.rig.log(), '')

    def test_head(self):
        reply = self.rig.get('/unknown_length', 'HEAD')
        self.assertEqual((reply.status, reply.body, reply.frames), ('200 OK', b'', [HEAD, END]))
        reply = self.rig.get('/endless', 'HEAD')
        self.assertEqual((reply.body, reply.ending), (b'', END))
        for form in ('list', 'blocks', 'write', 'empty'):
            with self.subTest(form):
                reply = self.rig.get('/length', 'HEAD', QUERY_STRING='99,' + form)
                self.assertEqual(reply.header('Content-Length'), '99')
        reply = self.rig.get('/file', 'HEAD', QUERY_STRING='reader,0')
        self.assertEqual((reply.header('Content-Length'), reply.body), ('10000', b''))
        self.assertEqual(self.rig.log(), '')

    def test_the_first_block_leaves_at_once_with_the_head(self):
        link = self.rig.workers[0].links[0]
        request = self.rig.request('/endless')
        self.assertEqual([self.rig.frame(link)[1] for _ in range(3)], [HEAD, DATA, DATA])
        self.rig.words[16 + CANCELLED] = request
        self.assertEqual(self.rig.link_reply(link, request).ending, ABORT)

    def test_a_client_that_left_ends_the_iteration(self):
        before = self.closes()
        request = self.rig.request('/endless')
        link = self.rig.workers[0].links[0]
        self.assertEqual(self.rig.frame(link)[1], HEAD)
        self.rig.words[16 + CANCELLED] = request
        self.assertEqual(self.rig.link_reply(link, request).ending, ABORT)
        self.assertEqual(self.closes(), before + 1)
        self.assertEqual(self.rig.log(), '')

    def test_a_client_that_left_before_the_first_block(self):
        before = self.closes()
        self.rig.words[16 + CANCELLED] = self.rig.epoch << 40 | self.rig.sequence + 1
        self.assertEqual(self.rig.get('/unknown_length').frames, [ABORT])
        self.assertEqual(self.closes(), before + 1)

    def test_a_body_longer_than_announced_by_an_endless_iterable(self):
        reply = self.rig.get('/endless_with_length')
        self.assertEqual((reply.body, reply.ending), (b'0' * 1500, END))

    def test_files(self):
        content = b'0123456789' * 1000
        for kind, offset, frames in (
                ('reader', 0, [HEAD, FILE, END]), ('reader', 9995, [HEAD, FILE, END]), ('reader', 10000, None),
                ('random', 5, [HEAD, FILE, END]), ('raw', 5, [HEAD, FILE, END]), ('read before', 0, [HEAD, FILE, END]),
                ('gzip', 5, [HEAD, DATA, DATA, END]), ('buffered gzip', 5, [HEAD, DATA, DATA, END]),
                ('memory', 5, [HEAD, DATA, DATA, END])):
            with self.subTest(kind=kind, offset=offset):
                before = self.closes()
                reply = self.rig.get('/file', QUERY_STRING='%s,%d' % (kind, offset))
                expected = content[offset + 10 * (kind == 'read before'):]
                self.assertEqual((reply.status, reply.body, reply.frames), ('200 OK', expected, frames))
                if frames == [HEAD, FILE, END]:
                    self.assertEqual(reply.header('Content-Length'), str(len(expected)))
                if kind not in ('raw', 'memory'):
                    self.assertEqual(self.closes(), before + 1)

    def test_a_file_that_does_not_know_its_length(self):
        reply = self.rig.get('/file', QUERY_STRING='kernel,0')
        self.assertEqual((reply.status, reply.body[-1:], reply.frames), ('200 OK', b'\n', [HEAD, DATA, END]))

    def test_a_file_and_content_length(self):
        reply = self.rig.get('/file', QUERY_STRING='shorter,0')
        self.assertEqual((reply.header('Content-Length'), len(reply.body), reply.ending), ('100', 100, END))
        reply = self.rig.get('/file', QUERY_STRING='longer,0')
        self.assertEqual((reply.header('Content-Length'), len(reply.body), reply.ending), ('10000', 10000, END))

    def test_a_pipe_goes_by_blocks(self):
        self.assertEqual(self.rig.get('/pipe').body, b'through a pipe')

    def test_children_of_the_application_do_not_answer(self):
        pid = self.rig.workers[0].pid
        self.assertEqual(self.rig.get('/fork_back').body, b'%d' % pid)
        self.assertEqual(self.rig.get('/fork_in_stream').body, b'%d %d' % (pid, pid))

    def test_a_packet_that_does_not_decode(self):
        self.rig.sequence += 1
        request = self.rig.epoch << 40 | self.rig.sequence
        send(self.rig.queue, request.to_bytes(8, 'little') + bytes(8) + b'?')
        self.assertEqual(self.rig.reply(request).status, '500 Internal Server Error')

    def test_a_thousand_random_replies(self):
        """Through the ring, around its end, and by the link; several in flight, so that the ring fills up."""
        dice = random.Random(7)
        finished, produced = self.rig.word(FINISHED), self.rig.word(PRODUCED)
        for _ in range(125):
            sent = []
            for _ in range(8):
                size = dice.choice((0, 1, 13, 500, 4000, 30000, 65400, 65536, 70000))
                size += dice.randrange(64)
                seed = dice.randrange(1000)
                sent.append((self.rig.request('/whole_random', QUERY_STRING='%d,%d' % (size, seed)), size, seed))
            self.assertEqual(self.collect(len(sent)), {request: (bytes([seed % 251]) * size, seed % 3) for request, size, seed in sent})
        wait_until(lambda: self.rig.word(FINISHED) >= finished + 1000)
        self.assertGreater(self.rig.word(PRODUCED) - produced, 20 * RING)
        self.assertEqual(self.rig.log(), '')

    def collect(self, count):
        """Replies in whichever order ring and link show them."""
        found, link = {}, self.rig.workers[0].links[0]

        def poll():
            entry = self.rig.ring_entry(1)
            if entry is not None:
                reply = Reply(*entry[1:])
                found[entry[0]] = reply.body, [name for name, _ in reply.headers].count('X-Seed')
            elif select.select([link], [], [], 0)[0]:
                request = int.from_bytes(link.recv(8, socket.MSG_PEEK), 'little')
                reply = self.rig.link_reply(link, request)
                found[request] = reply.body, [name for name, _ in reply.headers].count('X-Seed')
            return len(found) == count
        wait_until(poll, 'all replies')
        return found


if __name__ == '__main__':
    unittest.main()
