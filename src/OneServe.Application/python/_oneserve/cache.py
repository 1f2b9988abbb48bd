"""The cache that all workers share: a hash table in memory that the master holds, so it outlives workers and reloads.

One lock guards a cache. Whoever changes it marks it first and takes the mark off at the end: a process that dies in between
leaves the mark, and the next one empties the cache instead of trusting it.

Layout (native order): a header of eight u64; a u32 of each bucket, the number of its first item; five u64 of each item, numbers
from 1; then room for key and value of each item. Memory is taken where something has been written.
"""
import binascii
import fcntl
import mmap
import os
import time

from . import process
from .locks import SharedLock

_MAGIC = 0x6163686531           # changes with the layout
_MARK, _FIRST_FREE, _EVER_USED, _USES = 1, 2, 3, 4      # words of the header; word 0 is the magic number
_HEADER = 64
_NEXT, _HASH, _SIZES, _EXPIRES, _USED, _ITEM = 0, 1, 2, 3, 4, 5     # words of an item; the last is their number
_LOW, _LAST = 0xffffffff, (1 << 64) - 1


class Cache:
    def __init__(self, descriptor, name, items, block_size, key_size, evicts):
        self.name, self._items, self._block_size, self._key_size, self._evicts = name, items, block_size, key_size, evicts
        self._buckets = 1 << max(3, (items * 2 - 1).bit_length())
        self._table = _HEADER + self._buckets * 4
        self._room = self._table + items * _ITEM * 8
        self._stride = key_size + block_size + 7 & -8
        size = self._room + items * self._stride
        if os.fstat(descriptor).st_size < size:
            os.ftruncate(descriptor, size)
        self._memory = mmap.mmap(descriptor, size)
        whole = memoryview(self._memory)
        self._words = whole[:_HEADER].cast('Q')
        self._heads = whole[_HEADER:self._table].cast('I')
        self._table_words = whole[self._table:self._room].cast('Q')
        self._lock = SharedLock(descriptor, 0)

    def get(self, key):
        """The value, or None."""
        with _Reading(self):
            item = self._find(key, _hash(key))
            if not item or self._is_over(item):
                return None
            if self._evicts:
                self._use(item)
            return self._value(item)

    def keys(self):
        with _Reading(self):
            return [self._key(item) for item in self._all_items() if not self._is_over(item)]

    def put(self, key, value, seconds, replaces):
        """Whether it is in the cache now: not when there is one already (unless it `replaces`), when it is too large, or no room is left."""
        if not key or not value or len(key) > self._key_size or len(value) > self._block_size:
            if len(value) > self._block_size or len(key) > self._key_size:
                process.warn('a key of %d and a value of %d bytes do not fit cache %s: it takes %d and %d (keysize, blocksize)'
                             % (len(key), len(value), self.name, self._key_size, self._block_size))
            return False
        until = _until(seconds)
        with _Writing(self):
            return self._put(key, value, until, replaces)

    def remove(self, key):
        with _Writing(self):
            item = self._find(key, _hash(key))
            if not item:
                return False
            over = self._is_over(item)
            self._drop(item)
            return not over

    def clear(self):
        with _Writing(self):
            self._clear()

    def change(self, key, operation, seconds):
        """The number under key becomes operation(number); of a new key operation(0)."""
        if not key or len(key) > self._key_size or self._block_size < 8:
            return False
        until = _until(seconds)
        with _Writing(self):
            item = self._find(key, _hash(key))
            old = 0 if not item or self._is_over(item) else _number(self._value(item))
            try:
                value = operation(old)
            except ZeroDivisionError:
                return False
            data = (value & (1 << 64) - 1).to_bytes(8, 'little')
            if item and not self._is_over(item):
                self._store(item, key, data)
                return True
            return self._put(key, data, until, True)

    def number(self, key):
        value = self.get(key)
        return 0 if value is None else _number(value)

    # Under the lock

    def _put(self, key, value, until, replaces):
        number = _hash(key)
        item = self._find(key, number)
        if item and not replaces and not self._is_over(item):
            return False
        if not item:
            item = self._free_item()
            if not item:
                process.warn('cache %s is full (%d items)' % (self.name, self._items))
                return False
            bucket = number & self._buckets - 1
            at = (item - 1) * _ITEM
            self._table_words[at + _NEXT], self._table_words[at + _HASH] = self._heads[bucket], number
            self._heads[bucket] = item
        self._store(item, key, value)
        self._table_words[(item - 1) * _ITEM + _EXPIRES] = until
        self._use(item)
        return True

    def _store(self, item, key, value):
        start = self._room + (item - 1) * self._stride
        self._table_words[(item - 1) * _ITEM + _SIZES] = len(key) << 32 | len(value)
        self._memory[start:start + len(key)] = key
        start += self._key_size
        self._memory[start:start + len(value)] = value

    def _find(self, key, number):
        words, item = self._table_words, self._heads[number & self._buckets - 1]
        while item:
            at = (item - 1) * _ITEM
            if words[at + _HASH] == number and self._key(item) == key:
                return item
            item = words[at + _NEXT]
        return 0

    def _key(self, item):
        start = self._room + (item - 1) * self._stride
        return self._memory[start:start + (self._table_words[(item - 1) * _ITEM + _SIZES] >> 32)]

    def _value(self, item):
        start = self._room + (item - 1) * self._stride + self._key_size
        return self._memory[start:start + (self._table_words[(item - 1) * _ITEM + _SIZES] & _LOW)]

    def _is_over(self, item):
        expires = self._table_words[(item - 1) * _ITEM + _EXPIRES]
        return expires and expires <= _now()

    def _use(self, item):
        uses = self._words[_USES] = self._words[_USES] + 1
        self._table_words[(item - 1) * _ITEM + _USED] = uses

    def _all_items(self):
        return [item for item in range(1, self._words[_EVER_USED] + 1) if self._table_words[(item - 1) * _ITEM + _SIZES]]

    def _free_item(self):
        """The number of an item that nobody has; 0: none is left."""
        item = self._words[_FIRST_FREE]
        if not item and self._words[_EVER_USED] < self._items:
            self._words[_EVER_USED] += 1
            return self._words[_EVER_USED]
        if not item:
            present = self._all_items()
            for old in [found for found in present if self._is_over(found)]:
                self._drop(old)
            if not self._words[_FIRST_FREE] and self._evicts:
                self._drop(min(present, key=lambda found: self._table_words[(found - 1) * _ITEM + _USED]))
            item = self._words[_FIRST_FREE]
        if item:
            self._words[_FIRST_FREE] = self._table_words[(item - 1) * _ITEM + _NEXT]
        return item

    def _drop(self, item):
        words, at = self._table_words, (item - 1) * _ITEM
        bucket = words[at + _HASH] & self._buckets - 1
        before, found = 0, self._heads[bucket]
        while found != item:
            before, found = found, words[(found - 1) * _ITEM + _NEXT]
        if before:
            words[(before - 1) * _ITEM + _NEXT] = words[at + _NEXT]
        else:
            self._heads[bucket] = words[at + _NEXT]
        words[at + _NEXT], words[at + _SIZES] = self._words[_FIRST_FREE], 0
        self._words[_FIRST_FREE] = item

    def _clear(self):
        self._memory[_HEADER:self._table] = bytes(self._table - _HEADER)
        for item in self._all_items():
            self._table_words[(item - 1) * _ITEM + _SIZES] = 0
        self._words[_FIRST_FREE] = self._words[_EVER_USED] = 0
        self._words[0] = _MAGIC


class _Writing:
    def __init__(self, cache):
        self._cache = cache

    def __enter__(self):
        cache = self._cache
        cache._lock.acquire()
        words = cache._words
        if words[_MARK]:
            process.warn('a process died while it changed cache %s: the cache has been emptied' % cache.name)
            words[0] = 0
        words[_MARK] = 1
        if words[0] != _MAGIC:
            cache._clear()

    def __exit__(self, kind, *_):
        if kind is None:
            self._cache._words[_MARK] = 0       # else it stays: the change is not complete
        self._cache._lock.release()


class _Reading:
    def __init__(self, cache):
        self._cache = cache

    def __enter__(self):
        lock, words = self._cache._lock, self._cache._words
        while True:
            lock.acquire(fcntl.LOCK_SH)
            if words[0] == _MAGIC and not words[_MARK]:
                return
            lock.release()
            with _Writing(self._cache):
                pass

    def __exit__(self, *_):
        self._cache._lock.release()


def _hash(key):
    return binascii.crc32(key)


def _now():
    """Milliseconds of a clock that is the same in all processes and that nobody sets."""
    return time.monotonic_ns() // 1_000_000


def _until(seconds):
    """When it is over: 0 never, less than that at once, as libraries mean it. What is no number fails here, before anything is marked."""
    return min(max(1, _now() + round(seconds * 1000)), _LAST) if seconds != 0 else 0


def _number(value):
    """As uWSGI reads it: the first eight bytes, a signed number, the lowest first."""
    return int.from_bytes(value[:8].ljust(8, b'\0'), 'little', signed=True)
