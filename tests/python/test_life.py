"""Processes: start, title, epochs, leaving, death."""
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from rig import DONE, FLAGS, HERE, PATIENCE, PID, PYTHON, TAKEN, Rig, memory, pair, read, spawn, wait_until

RECVMSG = {'x86_64': 47, 'aarch64': 212}       # number of the system call


def threads_waiting_in_receive(pid):
    """How many threads of a process sleep in recvmsg."""
    count = 0
    for thread in os.listdir('/proc/%d/task' % pid):
        call = read('/proc/%d/task/%s/syscall' % (pid, thread)).split()
        count += call[0] == str(RECVMSG[os.uname().machine])
    return count


class Life(unittest.TestCase):
    def rig(self, *arguments, **settings):
        rig = Rig(*arguments, **settings)
        self.addCleanup(rig.stop)
        return rig

    def barrier(self):
        """(path for /waits, function that lets it go on)"""
        descriptor, path = tempfile.mkstemp()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self.addCleanup(os.unlink, path)
        return path, lambda: os.close(descriptor)

    def test_titles(self):
        rig = self.rig()
        for pid, title in ((rig.prototype, 'oneserve: prototype'), (rig.workers[0].pid, 'oneserve: worker 1'),
                           (rig.fork().pid, 'oneserve: worker 2')):
            shown = read('/proc/%d/cmdline' % pid)
            self.assertEqual(shown.rstrip('\0'), title)
            self.assertTrue(read('/proc/%d/comm' % pid).startswith('oneserve'))

    def test_a_title_longer_than_the_command_line_is_cut(self):
        code = ("import sys; sys.path.insert(0, %r); from _oneserve import title; title.show('t' * 100000, 'n' * 99);"
                "print(len(open('/proc/self/cmdline').read().rstrip(chr(0))) < 2000, open('/proc/self/comm').read())" % PYTHON)
        done = subprocess.run([sys.executable, '-B', '-c', code], stdout=subprocess.PIPE, check=True)
        self.assertEqual(done.stdout.decode().split(), ['True', 'n' * 15])

    def test_the_board_of_a_worker(self):
        rig = self.rig()
        request = rig.request('/hello')
        rig.reply(request)
        wait_until(lambda: rig.word(DONE) == request)
        self.assertEqual((rig.word(PID), rig.word(TAKEN)), (rig.workers[0].pid, request))

    def test_workers_are_children_of_the_master_in_sessions_of_their_own(self):
        rig = self.rig()
        pid = rig.workers[0].pid
        wait_until(lambda: '\nPPid:\t%d\n' % os.getpid() in read('/proc/%d/status' % pid), 'the end of the middle process')
        self.assertEqual(os.getsid(pid), pid)

    def test_a_killed_worker_leaves_the_id_in_the_board(self):
        rig = self.rig()
        path, go_on = self.barrier()
        self.addCleanup(go_on)
        request = rig.request('/waits', QUERY_STRING=path)
        wait_until(lambda: rig.has_begun(request))
        os.kill(rig.workers[0].pid, signal.SIGKILL)
        self.assertEqual(rig.wait(rig.workers[0].pid), -signal.SIGKILL)
        self.assertEqual(rig.word(TAKEN), request)
        self.assertNotEqual(rig.word(DONE), request)
        worker = rig.fork()                     # the queue outlives its readers
        self.assertEqual(rig.get('/pid', line=worker.line).body, b'%d' % worker.pid)

    def test_the_lifeline_ends_all(self):
        rig = self.rig()
        path, go_on = self.barrier()
        self.addCleanup(go_on)
        request = rig.request('/waits', QUERY_STRING=path)      # busy, and deaf to every socket
        wait_until(lambda: rig.has_begun(request))
        life, rig.life = rig.life, None
        os.close(life)
        self.assertEqual([rig.wait(pid) for pid in (rig.prototype, rig.workers[0].pid)], [-signal.SIGKILL] * 2)

    def test_a_prototype_without_a_master_ends(self):
        reader, writer = os.pipe2(os.O_CLOEXEC)
        os.close(writer)
        pid, control = spawn({'module': 'apps', 'chdir': HERE}, reader)
        self.addCleanup(control.close)
        self.assertEqual(control.recv(100), b'')
        self.assertIn(os.waitpid(pid, 0)[1], (0, signal.SIGKILL))

    def test_the_end_of_the_control_socket_ends_the_prototype(self):
        rig = self.rig()
        rig.control.close()
        self.assertEqual(rig.wait(rig.prototype), 0)
        self.assertEqual(rig.get('/hello').status, '200 OK')    # its workers live on

    def test_a_master_that_goes_during_the_import_is_no_error(self):
        reader, writer = os.pipe2(os.O_CLOEXEC)
        self.addCleanup(os.close, writer)
        errors = memory('errors')
        self.addCleanup(os.close, errors)
        pid, control = spawn({'module': 'apps', 'chdir': HERE}, reader, error=errors)
        control.close()
        self.assertEqual(os.waitpid(pid, 0)[1], 0)
        self.assertEqual(os.pread(errors, 4096, 0), b'')

    def test_exit(self):
        rig = self.rig()
        rig.control.send(b'exit')
        self.assertEqual(rig.wait(rig.prototype), 0)

    def test_a_new_epoch(self):
        rig = self.rig()
        worker, = rig.workers
        rig.new_epoch()
        self.assertEqual(worker.control.recv(100), b'eof 1')
        rig.join(worker)
        request = rig.request('/pid')
        self.assertEqual((request >> 40, rig.reply(request).body), (2, b'%d' % worker.pid))

    def test_packets_of_a_dead_epoch_are_dropped(self):
        rig = self.rig()
        worker, = rig.workers
        path, go_on = self.barrier()
        busy = rig.request('/waits', QUERY_STRING=path)
        wait_until(lambda: rig.has_begun(busy))
        stale = [rig.request('/hello') for _ in range(3)]
        rig.new_epoch()
        go_on()
        self.assertEqual(worker.control.recv(100), b'eof 1')
        self.assertEqual((rig.word(TAKEN), rig.word(DONE)), (stale[-1], stale[-1]))
        self.assertEqual(rig.ring_entry(1)[0], busy)            # finished, for nobody
        self.assertIsNone(rig.ring_entry(1))
        rig.join(worker)
        self.assertEqual(rig.get('/hello').body, b'Hello, World!')

    def test_a_stream_into_a_dead_epoch_ends(self):
        rig = self.rig()
        worker, = rig.workers
        rig.request('/endless')
        self.assertEqual(len(worker.links[0].recv(10)), 10)
        rig.new_epoch()
        self.assertEqual(worker.control.recv(100), b'eof 1')
        rig.join(worker)
        self.assertEqual(rig.get('/closes').body, b'1')
        self.assertEqual(rig.log(), '')

    def test_all_slots_of_a_worker_join_with_one_question(self):
        rig = self.rig(slots=3)
        worker, = rig.workers
        for epoch in (1, 2, 3):
            rig.new_epoch()
            self.assertEqual(worker.control.recv(100), b'eof %d' % epoch)
            rig.join(worker)
            path, go_on = self.barrier()
            requests = {rig.request('/waits', QUERY_STRING=path) for _ in range(3)}
            wait_until(lambda: {rig.word(TAKEN, line) for line in (1, 2, 3)} == requests)
            go_on()
            wait_until(lambda: {rig.word(DONE, line) for line in (1, 2, 3)} == requests)
            for line in (1, 2, 3):
                self.assertIn(rig.ring_entry(line)[0], requests)
        worker.control.setblocking(False)
        self.assertRaises(BlockingIOError, worker.control.recv, 100)

    def test_exit_as_the_answer_at_the_end_of_a_queue(self):
        rig = self.rig(slots=2)
        worker, = rig.workers
        rig.queue.shutdown(socket.SHUT_WR)
        self.assertEqual(worker.control.recv(100), b'eof 1')
        worker.control.send(b'exit')
        self.assertEqual(rig.wait(worker.pid), 0)

    def test_a_worker_whose_master_has_gone_leaves_at_the_end_of_its_queue(self):
        rig = self.rig()
        worker, = rig.workers
        worker.control.close()
        rig.queue.shutdown(socket.SHUT_WR)
        self.assertEqual(rig.wait(worker.pid), 0)

    def test_leaving_by_flag_and_no_op(self):
        rig = self.rig(slots=2)
        worker, = rig.workers
        rig.no_op()                             # without the flag it does nothing
        wait_until(lambda: threads_waiting_in_receive(worker.pid) == 2)
        for line in (1, 2):
            rig.words[line * 16 + FLAGS] = 1
        rig.no_op()
        rig.no_op()
        self.assertEqual(rig.wait(worker.pid), 0)

    def test_a_request_taken_under_the_flag_is_served_first(self):
        rig = self.rig()
        worker, = rig.workers
        rig.words[16 + FLAGS] = 1
        self.assertEqual(rig.get('/hello').body, b'Hello, World!')
        self.assertEqual(rig.wait(worker.pid), 0)

    def test_signals_end_a_worker_without_a_trace(self):
        rig = self.rig()
        for number in (signal.SIGINT, signal.SIGTERM):
            worker = rig.fork()
            os.kill(worker.pid, number)
            self.assertEqual(rig.wait(worker.pid), -number)
        self.assertEqual(rig.log(), '')

    def test_a_clean_end(self):
        """Executors are told to stop, threads are waited for, then atexit runs, and what was printed is there."""
        rig = self.rig(module='ending')
        path, go_on = self.barrier()
        request = rig.request('/', QUERY_STRING=path)
        self.assertEqual(rig.reply(request).body, b'started')
        wait_until(lambda: rig.word(DONE) == request)
        rig.words[16 + FLAGS] = 1
        rig.no_op()
        wait_until(lambda: rig.word(TAKEN) == 0)
        go_on()
        self.assertEqual(rig.wait(rig.workers[0].pid), 0)
        self.assertEqual(rig.printed(), 'thread\natexit\nnot flushed')

    def test_nothing_of_ours_is_inherited_by_commands_of_the_application(self):
        rig = self.rig(module='ending:descriptors')
        # what whoever runs the tests has left inheritable comes through, and nothing else
        listed = subprocess.run(['ls', '/proc/self/fd'], stdout=subprocess.PIPE, close_fds=False, check=True).stdout
        self.assertEqual(rig.get('/').body.split(), listed.split())

    def test_a_python_that_is_too_old(self):
        """The beginning of the bootstrap must be plain enough for it; here an interpreter that says it is one."""
        mine, his = pair(socket.SOCK_SEQPACKET)
        mine.settimeout(PATIENCE)
        code = 'import sys; sys.version_info = (2, 7, 18); sys.version = "2.7.18 (default)"\n' + read(os.path.join(PYTHON, 'boot.py'))
        lifted = fcntl.fcntl(his.fileno(), fcntl.F_DUPFD_CLOEXEC, 50)
        pid = os.posix_spawn(sys.executable, [sys.executable, '-c', code], os.environ,
                             file_actions=[(os.POSIX_SPAWN_DUP2, lifted, 3)])
        head, _, text = mine.recv(1000).decode().partition('\n')
        self.assertEqual(head, 'failed python-too-old')
        self.assertIn('is Python 2.7.18; OneServe needs Python 3.8', text)
        self.assertEqual(os.WEXITSTATUS(os.waitpid(pid, 0)[1]), 22)
        os.close(lifted)
        mine.close()
        his.close()


if __name__ == '__main__':
    unittest.main()
