"""gevent: many requests at a time in one worker. Where no interpreter has gevent, what is said about that is all there is to test."""
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest

from rig import ABORT, CANCEL, DATA, END, FINISHED, HEAD, PAUSE, RESUME, TAKEN, Rig, send, wait_until


def has_gevent(python):
    return os.path.exists(python) and subprocess.run([python, '-c', 'import gevent'], stderr=subprocess.DEVNULL).returncode == 0


PYTHON = next(filter(has_gevent, (sys.executable, '/usr/bin/python3')), None)


class Missing(unittest.TestCase):
    def test_an_interpreter_without_gevent_is_named_with_the_way_out(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        with open(os.path.join(folder, 'gevent.py'), 'w') as file:
            file.write('raise ImportError("No module named gevent")')
        rig = Rig(start=False, gevent=5, pythonpath=[folder])
        self.addCleanup(rig.stop)
        said = rig.expect(b'failed').decode()
        self.assertEqual(said.split('\n')[0], 'failed gevent-missing')
        self.assertIn('%s -m pip install gevent' % sys.executable, said)
        self.assertIn('threads', said)
        self.assertEqual(rig.wait(rig.prototype), 22)


class Greenlets(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def rig(self, **settings):
        rig = Rig(python=PYTHON, gevent=10, **settings)
        self.addCleanup(rig.stop)
        return rig

    def gate(self, name='gate'):
        return os.path.join(self.folder, name)

    def open(self, name='gate'):
        os.close(os.open(self.gate(name), os.O_CREAT | os.O_WRONLY))

    def answered_meanwhile(self, rig, link, got):
        """Asks by the ring, and takes what comes by the link until the answer is there, and what has come by then."""
        request, entry = rig.request('/plain_bytes'), None
        while entry is None or select.select([link], [], [], 0)[0]:
            if select.select([link], [], [], .001)[0]:
                got.append(rig.frame(link)[1])
            entry = entry or rig.ring_entry(1)
        self.assertEqual(entry[0], request)

    def frames(self, rig, count):
        return [rig.frame(rig.workers[0].links[0])[:2] for _ in range(count)]

    def test_a_request_does_not_wait_for_the_one_before(self):
        rig = self.rig()
        slow = rig.request('/sleeps', QUERY_STRING=self.gate())
        self.assertEqual(rig.get('/plain_bytes').status, '200 OK')
        self.assertEqual(rig.get('/echo', 'POST', b'body').status, '200 OK')
        self.open()
        self.assertEqual(rig.reply(slow).body, b'slept')

    def test_an_exception_has_the_page_that_the_settings_say(self):
        page = self.gate('page.html')
        with open(page, 'w') as file:
            file.write('sorry')
        for settings, expected in (({'catch-exceptions': True}, b'ValueError: before start_response'), ({'error-page-500': page}, b'sorry')):
            self.assertIn(expected, self.rig(**settings).get('/raises').body)

    def test_the_client_of_a_request_in_the_queue_has_left(self):
        rig = self.rig()
        cancelled = rig.epoch << 40 | 100
        rig.order(cancelled, CANCEL)
        rig.get('/plain_bytes')                 # by now it has been heard
        rig.get('/plain_bytes')
        rig.request('/sleeps', request=cancelled, QUERY_STRING=self.gate())
        self.assertEqual(self.frames(rig, 1), [(cancelled, ABORT)])

    def test_the_client_of_a_request_in_work_has_left(self):
        rig = self.rig()
        request = rig.request('/endless')
        link = rig.workers[0].links[0]
        self.assertEqual(self.frames(rig, 2), [(request, HEAD), (request, DATA)])
        rig.order(request, CANCEL)
        while rig.frame(link)[1] == DATA:
            pass
        self.assertEqual(rig.get('/plain_bytes').status, '200 OK')

    def test_one_answer_is_held_back_and_another_goes_on(self):
        rig = self.rig()
        request = rig.request('/streams')
        link = rig.workers[0].links[0]
        got = [kind for _, kind in self.frames(rig, 2)]
        rig.order(request, PAUSE)
        seen = 0
        while seen < len(got):                  # until the hub has gone round without a further frame
            seen = len(got)
            for _ in range(2):
                self.answered_meanwhile(rig, link, got)
        self.assertLess(len(got), 40)
        self.assertEqual(rig.get('/plain_bytes').status, '200 OK')
        other = rig.request('/whole_large')     # by the link as well
        self.assertIsNotNone(rig.reply(other).status)
        rig.order(request, RESUME)
        while got[-1] != END:
            got.append(rig.frame(link)[1])
        self.assertEqual(got, [HEAD] + [DATA] * 64 + [END])

    def test_the_stack_of_one_greenlet(self):
        rig = self.rig()
        request = rig.request('/sleeps', QUERY_STRING=self.gate())
        wait_until(lambda: rig.has_begun(request))
        rig.get('/plain_bytes')
        send(rig.workers[0].control, b'stack %d' % request)
        self.assertEqual(rig.workers[0].control.recv(100), b'shown %d' % request)
        self.assertIn('in sleeps', rig.log())

    def test_leaving_lets_the_greenlets_finish(self):
        rig = self.rig()
        worker = rig.workers[0]
        slow = rig.request('/sleeps', QUERY_STRING=self.gate())
        rig.queue.shutdown(1)
        self.assertEqual(worker.control.recv(100), b'eof 1')
        send(worker.control, b'exit')
        self.open()
        self.assertEqual(rig.reply(slow).body, b'slept')
        self.assertEqual(rig.wait(worker.pid), 0)

    def test_exit_alone_is_no_reason_to_leave_what_is_in_the_queue(self):
        rig = self.rig()
        worker = rig.workers[0]
        send(worker.control, b'exit')
        self.assertEqual(rig.get('/plain_bytes').status, '200 OK')
        rig.queue.shutdown(1)
        self.assertEqual(rig.wait(worker.pid), 0)

    def test_the_next_epoch(self):
        rig = self.rig()
        worker = rig.workers[0]
        old = rig.request('/sleeps', QUERY_STRING=self.gate())
        wait_until(lambda: rig.has_begun(old))
        rig.new_epoch()
        self.assertEqual(worker.control.recv(100), b'eof 1')
        rig.join(worker)
        self.assertEqual(rig.get('/plain_bytes').status, '200 OK')
        self.open()
        wait_until(lambda: rig.word(FINISHED) == 2, 'the end of what nobody wants any more')
        self.assertEqual(rig.get('/whole_large').status, '200 OK')

    def test_packets_without_a_request_are_taken(self):
        rig = self.rig()
        probe = rig.epoch << 40 | 77
        send(rig.queue, struct.pack('<QQ', probe, 0))
        wait_until(lambda: rig.word(TAKEN) == probe)
        self.assertEqual(rig.get('/plain_bytes').status, '200 OK')

    def test_the_application_exits_in_a_greenlet(self):
        rig = self.rig()
        self.assertEqual(rig.get('/exits').status, '500 Internal Server Error')
        self.assertEqual(rig.get('/plain_bytes').status, '200 OK')

    def test_a_killed_worker_leaves_the_id_in_the_board(self):
        rig = self.rig()
        request = rig.request('/sleeps', QUERY_STRING=self.gate())
        wait_until(lambda: rig.has_begun(request))
        os.kill(rig.workers[0].pid, signal.SIGKILL)
        rig.wait(rig.workers[0].pid)
        self.assertEqual(rig.word(TAKEN), request)


if PYTHON is None:
    del Greenlets
