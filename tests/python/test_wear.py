"""Recycling, without a process: a worker of two slots whose counts the test sets."""
import sys
import unittest

from rig import FINISHED, PYTHON, WORDS

sys.path.insert(0, PYTHON)
from _oneserve.wear import NEVER, Wear  # noqa: E402


class FakeWorker:
    line, slots = 3, 2

    def __init__(self):
        self.words = [0] * (WORDS * 8)
        self.told = []

    def finish(self, *counts):
        for slot, count in enumerate(counts):
            self.words[(self.line + slot) * WORDS + FINISHED] = count

    def tell(self, message):
        self.told.append(message)


class Recycling(unittest.TestCase):
    def wear(self, **config):
        self.worker = FakeWorker()
        self.worker.finish(1000, 2000)          # by the process before
        return Wear(self.worker, {name.replace('_', '-'): value for name, value in config.items()}, 2)

    def test_nobody_looks_without_a_limit(self):
        self.assertEqual(self.wear().next_look(1000), NEVER)

    def test_the_requests_of_all_slots_count_and_it_is_told_once(self):
        wear = self.wear(worker_requests=[5, 10])
        self.assertEqual(wear.next_look(1000), 1005)        # its half of ten
        self.worker.finish(1005, 2004)
        self.assertEqual(wear.look(1005), 1006)
        self.assertEqual(self.worker.told, [])
        self.worker.finish(1006, 2004)
        self.assertEqual(wear.look(1006), NEVER)
        self.assertEqual(wear.look(1007), NEVER)
        self.assertEqual(self.worker.told, [b'worn requests 10'])

    def test_a_young_process_stays(self):
        wear = self.wear(worker_requests=[1, 1], min_worker_lifetime=1000)
        self.worker.finish(1009, 2000)
        self.assertEqual(wear.look(1009), 1010)
        self.assertEqual(self.worker.told, [])

    def test_memory_is_looked_at_after_each_request(self):
        for limit, why in (('reload_on_rss', b'rss'), ('reload_on_as', b'as')):
            wear = self.wear(**{limit: 1})
            self.assertEqual(wear.next_look(1000), 1001)
            wear.look(1001)
            self.assertEqual(self.worker.told[0].split()[:2], [b'worn', why])
            self.assertEqual(self.wear(**{limit: 1 << 30}).look(1001), 1002)
            self.assertEqual(self.worker.told, [])


if __name__ == '__main__':
    unittest.main()
