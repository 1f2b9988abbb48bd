"""The module uwsgi in prototype and workers."""
import os
import shutil
import tempfile
import time
import unittest

from rig import CONSUMED, END, LIMIT, PRODUCED, TAKEN, VARIABLES, Rig, memory, send, wait_until


def facts(**more):
    return dict({'master': 4711, 'generation': 1, 'processes': 2, 'threads': 1, 'started': 1700000000, 'buffer-size': 8192, 'locks': 1,
                 'locks-descriptor': 6, 'descriptors': [6, 7], 'caches': [[7, 'default', 4, 64, 32, False]],
                 'opt': [['processes', '2'], ['enable-threads', 'true'], ['env', 'A=1'], ['env', 'B=2'], ['mine', 'x']],
                 'magic': {'n': 'site'}}, **more)


class UwsgiTest(unittest.TestCase):
    def start(self, slots=1, count=1, settings=None, **more):
        settings = settings or {}
        opened = [memory('locks'), memory('cache')]
        rig = Rig(module='uwsgi_app', slots=slots, uwsgi=facts(**more), more=opened, start=False, **settings)
        self.addCleanup(rig.stop)
        for descriptor in opened:
            os.close(descriptor)
        self.said = []
        while True:
            data = rig.control.recv(65536)
            if data.startswith(b'ready'):
                break
            self.said.append(data)
        for _ in range(count):
            rig.fork(ready=False)
            self.wait_ready(rig.workers[-1])
        return rig

    def gate(self):
        """A path, and an expression that is evaluated when a file is there."""
        directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, directory)
        path = os.path.join(directory, 'gate')
        return path, '[time.sleep(.001) for _ in iter(lambda:os.path.exists(%r),True)]' % path

    def wait_ready(self, worker):
        while True:
            data = worker.control.recv(65536)
            if data == b'ready':
                return
            self.said.append(data)

    def ask(self, rig, path, line=1, **environ):
        reply = rig.get(path, line=line, **environ)
        self.assertEqual(reply.status, '200 OK', rig.log())
        return reply.body.decode()

    def value(self, rig, expression, line=1):
        return eval(self.ask(rig, '/eval', line=line, QUERY_STRING=expression))


class FactsTest(UwsgiTest):
    def test_what_the_process_is(self):
        rig = self.start()
        value = self.value
        self.assertEqual(value(rig, 'uwsgi.worker_id(), uwsgi.mule_id(), uwsgi.masterpid(), uwsgi.numproc'), (1, 0, 4711, 2))
        self.assertEqual(value(rig, 'uwsgi.version_info[:2], uwsgi.version[:2], uwsgi.is_a_reload'), ((2, 0), b'2.', False))
        self.assertEqual(value(rig, 'uwsgi.buffer_size, uwsgi.started_on, uwsgi.applications, uwsgi.magic_table'),
                         (8192, 1700000000, None, {b'n': b'site'}))
        self.assertEqual(value(rig, 'uwsgi.opt["processes"], uwsgi.opt.get(b"mine"), uwsgi.opt["env"], "nix" in uwsgi.opt, b"env" in uwsgi.opt'),
                         (b'2', b'x', [b'A=1', b'B=2'], False, True))
        self.assertGreater(value(rig, 'uwsgi.mem()')[0], 1 << 20)

    def test_a_reload_is_known(self):
        self.assertTrue(self.value(self.start(generation=3), 'uwsgi.is_a_reload'))

    def test_hooks_of_the_fork_and_of_the_end(self):
        rig = self.start(count=1)
        self.assertEqual(self.ask(rig, '/seen'), '[1]')
        rig.queue.close()
        self.assertTrue(rig.workers[0].control.recv(65536).startswith(b'eof'))
        send(rig.workers[0].control, b'exit')
        self.assertEqual(rig.wait(rig.workers[0].pid), 0)
        self.assertIn('atexit of 1', rig.printed())

    def test_requests_are_counted(self):
        rig = self.start()
        self.assertEqual([self.ask(rig, '/count') for _ in range(2)], ['0 0', '1 1'])

    def test_workers_are_described(self):
        rig = self.start()
        self.assertEqual(eval(self.ask(rig, '/workers')), [(1, rig.workers[0].pid, b'busy'), (2, 0, b'cheap')])

    def test_the_environ_of_the_request(self):
        rig = self.start()
        self.assertEqual(self.ask(rig, '/env'), 'True')
        self.assertEqual(self.ask(rig, '/limited'), '/limited')

    def test_what_is_not_there_names_what_to_use(self):
        rig = self.start()
        for expression, word in (('uwsgi.mule_msg', 'Celery'), ('uwsgi.spool', 'Celery'), ('uwsgi.connection_fd()', 'gateway'),
                                 ('uwsgi.SymbolsImporter', 'pythonpath'), ('task.spool(a=1)', 'Celery'), ('uwsgi.nonsense', 'nonsense'),
                                 ('uwsgi.cache_get("a", "b@host")', 'Redis'), ('uwsgi.lock(5)', 'Invalid lock number')):
            rig.clear_log()
            self.assertEqual(rig.get('/eval', QUERY_STRING=expression).status[:3], '500')
            self.assertIn(word, rig.log())
        self.assertEqual(self.value(rig, 'hasattr(uwsgi, "spool")'), False)

    def test_a_file_of_that_name_is_told_apart(self):
        rig = Rig(module='uwsgi', uwsgi={'opt': []}, start=False)
        self.addCleanup(rig.stop)
        self.assertIn('name it by wsgi-file', rig.expect(b'failed callable-missing').decode())

    def test_without_it_there_is_no_module(self):
        rig = Rig(module='uwsgi_absent', more=(), start=False)
        self.addCleanup(rig.stop)
        self.assertIn(b'application=uwsgi_absent', rig.expect(b'ready'))


class LogVariableTest(UwsgiTest):
    def test_they_come_with_the_reply(self):
        rig = self.start()
        reply = rig.get('/logvar')
        self.assertIsNone(reply.frames, 'by the ring')
        self.assertEqual((reply.body, reply.variables), (b"b'anna' None", {'user': 'anna', 'long': 'x' * 255}))
        reply = rig.get('/seen')
        self.assertEqual((reply.frames, reply.variables), (None, {}), 'the next request has none')

    def test_a_stream_tells_them_at_its_end_and_ends_when_told(self):
        rig = self.start()
        reply = rig.get('/stream')
        self.assertEqual((reply.body, reply.variables, reply.frames[-2:]), (b'one', {'late': 'yes'}, [VARIABLES, END]))
        wait_until(lambda: 'after the disconnect' in rig.printed(), 'the rest of the generator')
        self.ask(rig, '/seen')
        self.assertEqual(rig.log(), '')


class LimitTest(UwsgiTest):
    def test_it_is_in_the_scoreboard_until_the_request_ends(self):
        rig = self.start()
        gate, wait = self.gate()
        request = rig.request('/eval', QUERY_STRING='uwsgi.set_user_harakiri(30),' + wait)
        wait_until(lambda: rig.word(LIMIT), 'the limit')
        self.assertAlmostEqual(rig.word(LIMIT) / 1e9, time.monotonic() + 30, delta=5)
        with open(gate, 'w', encoding='ascii'):
            rig.reply(request)
        wait_until(lambda: not rig.word(LIMIT), 'the end of the limit')
        self.assertEqual(rig.word(PRODUCED), rig.word(CONSUMED))


class LockTest(UwsgiTest):
    def test_it_is_one_for_all_workers(self):
        rig = self.start(count=2)
        self.assertEqual(self.with_each(rig, '/locked'), {'False'})
        gate, wait = self.gate()
        holder = rig.request('/eval', QUERY_STRING='uwsgi.lock(),%s,uwsgi.unlock()' % wait)
        wait_until(lambda: rig.words[16] == holder or rig.words[32] == holder, 'the holder')
        line = 1 if rig.words[16] == holder else 2
        other = 3 - line
        wait_until(lambda: rig.reply(rig.request('/locked'), other).body == b'True', 'the lock')
        waiting = rig.request('/lock')
        wait_until(lambda: rig.word(TAKEN, other) == waiting, 'the other one')      # else the holder could take it
        with open(gate, 'w', encoding='ascii'):
            rig.reply(holder, line)
        self.assertEqual(rig.reply(waiting, other).body, b'True')

    def test_a_killed_holder_leaves_it_free(self):
        rig = self.start(count=2)
        dying = rig.request('/die')
        wait_until(lambda: rig.words[16] == dying or rig.words[32] == dying, 'the holder')
        line = 1 if rig.words[16] == dying else 2
        self.assertEqual(rig.wait(rig.workers[line - 1].pid), -9)
        self.assertEqual(self.ask(rig, '/lock', line=3 - line), 'True')
        self.assertEqual(self.ask(rig, '/unlock', line=3 - line), 'False')

    def with_each(self, rig, path):
        answers = set()
        for _ in range(4):
            request = rig.request(path)
            wait_until(lambda: request in (rig.words[16], rig.words[32]), 'somebody')
            answers.add(rig.reply(request, 1 if rig.words[16] == request else 2).body.decode())
        return answers


class CacheTest(UwsgiTest):
    def test_as_uwsgi_answers(self):
        rig = self.start()
        for expression, expected in (
                ('uwsgi.cache_set("a","b")', True), ('uwsgi.cache_set("a","c")', None), ('uwsgi.cache_get("a")', b'b'),
                ('uwsgi.cache_get(b"a")', b'b'), ('uwsgi.cache_exists("a")', True), ('uwsgi.cache_exists("zz")', None),
                ('uwsgi.cache_get("zz")', None), ('uwsgi.cache_update("a",b"xyz")', True), ('uwsgi.cache_get("a","default")', b'xyz'),
                ('uwsgi.cache_del("a")', True), ('uwsgi.cache_del("a")', None), ('uwsgi.cache_inc("n")', True),
                ('uwsgi.cache_inc("n",5)', True), ('uwsgi.cache_num("n")', 6), ('uwsgi.cache_get("n")', b'\6\0\0\0\0\0\0\0'),
                ('uwsgi.cache_dec("n",2)', True), ('uwsgi.cache_mul("n",3)', True), ('uwsgi.cache_div("n",2)', True),
                ('uwsgi.cache_num("n")', 6), ('uwsgi.cache_keys()', [b'n']), ('uwsgi.cache_get("x","nocache")', None),
                ('uwsgi.cache_set("k"*33,"v")', None), ('uwsgi.cache_set("big","v"*65)', None), ('uwsgi.cache_set("e","")', None),
                ('uwsgi.cache_set("a","b")', True), ('uwsgi.cache_update("a","c",-5)', True), ('uwsgi.cache_get("a")', None), ('uwsgi.cache_dec("neu",3)', True), ('uwsgi.cache_num("neu")', -3),
                ('uwsgi.cache_clear()', True), ('uwsgi.cache_keys()', []), ('uwsgi.cache_num("n")', 0)):
            self.assertEqual(self.value(rig, expression), expected, expression)

    def test_it_is_bounded_and_says_so(self):
        rig = self.start()
        self.assertEqual(self.value(rig, '[uwsgi.cache_set("k%d"%i,"v") for i in range(6)]'), [True] * 4 + [None] * 2)
        self.assertIn('cache default is full (4 items)', rig.log())
        self.assertEqual(self.value(rig, 'uwsgi.cache_del("k1"),uwsgi.cache_set("new","v"),sorted(uwsgi.cache_keys())'),
                         (True, True, [b'k0', b'k2', b'k3', b'new']))

    def test_the_least_used_goes_when_asked(self):
        rig = self.start(caches=[[7, 'default', 4, 64, 32, True]])
        self.value(rig, '[uwsgi.cache_set("k%d"%i,"v") for i in range(4)],uwsgi.cache_get("k0"),uwsgi.cache_set("k4","v")')
        self.assertEqual(sorted(self.value(rig, 'uwsgi.cache_keys()')), [b'k0', b'k2', b'k3', b'k4'])

    def test_items_expire_and_make_room(self):
        rig = self.start()
        self.value(rig, '[uwsgi.cache_set("k%d"%i,"v",1) for i in range(4)]')
        wait_until(lambda: not self.value(rig, 'uwsgi.cache_keys()'), 'the end of the items')
        self.assertEqual(self.value(rig, 'uwsgi.cache_keys(),uwsgi.cache_set("k0","w"),uwsgi.cache_set("x","w"),uwsgi.cache_get("k0")'),
                         ([], True, True, b'w'))

    def test_all_workers_count_in_one(self):
        rig = self.start(slots=2, count=2, caches=[[7, 'default', 400, 64, 32, False]])
        expression = '[uwsgi.cache_inc("hits") for _ in range(500)] and [uwsgi.cache_update("k%d"%(i%50),"v"*(i%64+1)) for i in range(200)] and 1'
        asked = [rig.request('/eval', QUERY_STRING=expression) for _ in range(8)]
        answered = set()
        while len(answered) < 8:
            for line in range(1, 5):
                entry = rig.ring_entry(line)
                if entry is not None:
                    answered.add(entry[0])
        self.assertEqual(answered, set(asked))
        request = rig.request('/eval', QUERY_STRING='uwsgi.cache_num("hits"),len(uwsgi.cache_keys())')
        wait_until(lambda: any(rig.words[16 * line] == request for line in range(1, 5)), 'somebody')
        line = next(line for line in range(1, 5) if rig.words[16 * line] == request)
        self.assertEqual(eval(rig.reply(request, line).body), (4000, 51), rig.log())

    def test_a_wrong_argument_costs_nobody_his_entries(self):
        rig = self.start()
        self.assertTrue(self.value(rig, 'uwsgi.cache_set("a","b")'))
        for expression in ('uwsgi.cache_inc("n","5")', 'uwsgi.cache_mul("n",1.5)', 'uwsgi.cache_set("x","y","soon")', 'uwsgi.cache_inc("n",1,None)'):
            self.assertEqual(rig.get('/eval', QUERY_STRING=expression).status[:3], '500', expression)
        self.assertEqual(self.value(rig, 'uwsgi.cache_set("x","y",2**63-1),uwsgi.cache_get("x"),uwsgi.cache_get("a")'), (True, b'y', b'b'))

    def test_a_change_that_was_cut_off_empties_it(self):
        rig = self.start()
        self.assertTrue(self.value(rig, 'uwsgi.cache_set("a","b")'))
        self.value(rig, 'uwsgi._caches["default"]._words.__setitem__(1,1)')
        self.assertEqual(self.value(rig, 'uwsgi.cache_get("a"),uwsgi.cache_set("a","c"),uwsgi.cache_get("a")'), (None, True, b'c'))
        self.assertIn('has been emptied', rig.log())

    def test_without_one_nothing_is_kept_and_the_log_says_how(self):
        rig = self.start(caches=[])
        self.assertEqual(self.value(rig, 'uwsgi.cache_set("a","b"),uwsgi.cache_get("a"),uwsgi.cache_num("a")'), (None, None, 0))
        self.assertIn('cache2 = name=default', rig.log())


class SignalTest(UwsgiTest):
    def test_what_the_import_registers_is_told_to_the_master(self):
        self.start()
        self.assertEqual(self.said, [b'handler 0 one', b'timer 0 60 0', b'handler 1 all', b'cron 1 -5 3 -1 -1 0'])

    def test_a_worker_that_imports_for_itself_has_hooks_and_handlers_too(self):
        rig = self.start(settings={'lazy-apps': True})
        self.assertEqual(self.said[:2], [b'handler 0 one', b'timer 0 60 0'])
        send(rig.workers[0].control, b'signal 0')
        self.assertEqual(rig.workers[0].control.recv(100), b'handled 0')
        self.assertEqual(self.ask(rig, '/seen'), '[1]')

    def test_a_handler_runs_in_a_thread_of_its_own_and_is_acknowledged(self):
        rig = self.start()
        control = rig.workers[0].control
        send(control, b'signal 0')
        self.assertEqual(control.recv(100), b'handled 0')
        self.assertEqual(rig.printed(), 'tick 0 in 1 oneserve-signals\n')
        send(control, b'signal 1')
        self.assertEqual(control.recv(100), b'handled 1')
        self.assertIn('ValueError: this handler fails', rig.log())
        self.assertEqual(self.ask(rig, '/seen'), '[1]', 'requests go on')

    def test_a_worker_that_leaves_finishes_its_handler(self):
        rig = self.start()
        worker = rig.workers[0]
        self.ask(rig, '/outlast')
        self.assertEqual(worker.control.recv(100), b'handler 9 one')
        send(worker.control, b'signal 9')
        wait_until(lambda: 'outlast begins' in rig.printed(), 'the handler')
        rig.queue.close()
        self.assertTrue(worker.control.recv(100).startswith(b'eof'))
        send(worker.control, b'exit')
        self.assertEqual(worker.control.recv(100), b'handled 9')
        self.assertEqual(rig.wait(worker.pid), 0)
        self.assertEqual(rig.printed(), 'outlast begins\noutlast ends\natexit of 1\n')

    def test_epochs_are_joined_beside_signals(self):
        rig = self.start()
        control = rig.workers[0].control
        rig.new_epoch()
        self.assertEqual(control.recv(100), b'eof 1')
        send(control, b'signal 0')
        rig.join(rig.workers[0])
        self.assertEqual(control.recv(100), b'handled 0')
        self.assertEqual(self.ask(rig, '/seen'), '[1]')

    def test_what_a_worker_asks_for_is_told(self):
        rig = self.start()
        control = rig.workers[0].control
        self.assertEqual(self.value(rig, 'uwsgi.register_signal(9,"worker2",print),uwsgi.add_rb_timer(9,3,2),uwsgi.signal(9),'
                                         'uwsgi.add_file_monitor(9,"/tmp"),uwsgi.signal_registered(9),uwsgi.signal_registered(8),uwsgi.stop()'),
                         (None, None, None, None, True, None, True))
        self.assertEqual([control.recv(100) for _ in range(5)],
                         [b'handler 9 2', b'timer 9 3 2', b'signal 9', b'watch 9\n/tmp', b'stop'])
        self.ask(rig, '/reload')
        self.assertEqual(control.recv(100), b'reload')

    def test_a_mule_is_one_of_the_workers_and_nonsense_is_refused(self):
        rig = self.start()
        self.value(rig, 'uwsgi.register_signal(9,"mule1",print)')
        self.assertEqual(rig.workers[0].control.recv(100), b'handler 9 one')
        self.assertIn('a signal is for mule1', rig.log())
        for expression in ('uwsgi.register_signal(9,"nonsense",print)', 'uwsgi.register_signal(300,"",print)', 'uwsgi.add_timer(9,0)',
                           'uwsgi.add_cron(9,61,0,0,0,0)'):
            self.assertEqual(rig.get('/eval', QUERY_STRING=expression).status[:3], '500', expression)


if __name__ == '__main__':
    unittest.main()
