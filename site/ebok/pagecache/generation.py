"""The generation of public content: one number that every process of the deployment reads.

A page knows the generation in which its rendering began. `bump()` raises the number, and with it
every kept page everywhere is out of date from the next request on. `bump(hard=True)` also bars
the old pages: they are not even shown while the new one is rendered, or while rendering fails.

The number lives in a small file that is mapped into memory (processes of one machine) and, where
`EBOK_GENERATION_CACHE` names a shared Django cache, is followed there (many machines).
"""

from __future__ import annotations

import fcntl
import functools
import logging
import mmap
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

FILE_NAME = "page-generation"
_WORDS = 8
_SEQUENCE, _BARRED, _SHARED_SOFT, _SHARED_HARD = range(4)
_SHARED_KEYS = {False: "ebok-page-generation", True: "ebok-page-generation-hard"}


class Generation:
    """The counter of one machine. `words[0]` is the generation, `words[1]` the last hard one.

    Reading is a look into memory: no lock, no system call. Raises OSError when the folder cannot
    be written.
    """

    def __init__(self, path: Path, shared: SharedCounters | None = None) -> None:
        self.path = path
        self.shared = shared
        self.words: memoryview[int]
        self._identity: tuple[int, int]
        self._attach()

    @property
    def sequence(self) -> int:
        """The present generation."""
        return self.words[_SEQUENCE]

    @property
    def barred(self) -> int:
        """Pages of a generation below this one must not be shown any more."""
        return self.words[_BARRED]

    def bump(self, *, hard: bool = False) -> int:
        """Put everything kept out of date, in every process; `hard` also bars it. Returns the new number."""
        self.reattach()
        if self.shared is None:
            return self._raise(hard)
        with self._locked():
            seen = self.shared.increase(hard)
            if seen is not None:
                self.words[_SHARED_HARD if hard else _SHARED_SOFT] = seen
            return self._raise_locked(hard)

    def follow(self) -> None:
        """Take over what other machines have raised. Called about once a second in the background."""
        self.reattach()
        if self.shared is None:
            return
        seen = self.shared.read()
        if seen is None or seen == (self.words[_SHARED_SOFT], self.words[_SHARED_HARD]):
            return
        with self._locked():
            soft_before, hard_before = self.words[_SHARED_SOFT], self.words[_SHARED_HARD]
            if seen == (soft_before, hard_before):
                return
            self.words[_SHARED_SOFT], self.words[_SHARED_HARD] = seen
            self._raise_locked(hard=seen[1] != hard_before)

    def reattach(self) -> None:
        """Follow the file when somebody has replaced it (a cleaned or renewed runtime folder)."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._attach()
            return
        if (found.st_dev, found.st_ino) != self._identity:
            self._attach()

    def _attach(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Readable by all processes of the service, whoever started first.
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o660)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            found = os.fstat(descriptor)
            if found.st_size < _WORDS * 8:
                os.ftruncate(descriptor, _WORDS * 8)
            mapped = mmap.mmap(descriptor, _WORDS * 8)
            words = memoryview(mapped).cast("Q")
            if words[_SEQUENCE] == 0:
                # A new file begins above every number that an earlier one can have reached, and bars
                # what was rendered under it.
                words[_SEQUENCE] = words[_BARRED] = time.time_ns() // 1_000_000
        finally:
            # By name: the mapping keeps a copy of the descriptor, and with it the lock.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)
        self.words = words
        self._identity = (found.st_dev, found.st_ino)

    def _raise(self, hard: bool) -> int:
        with self._locked():
            return self._raise_locked(hard)

    def _raise_locked(self, hard: bool) -> int:
        raised = self.words[_SEQUENCE] + 1
        if hard:
            # First the bar: whoever sees the new generation must also see what it bars.
            self.words[_BARRED] = raised
        self.words[_SEQUENCE] = raised
        return raised

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self.path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class SharedCounters:
    """The same two numbers in a Django cache that several machines share.

    A shared cache that does not answer never breaks a publication: it is logged, this machine is
    renewed at once, the others when their pages' lifetime ends.
    """

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def increase(self, hard: bool) -> int | None:
        """Raise one number for all machines; None when the cache does not answer."""

        def raise_it() -> int:
            cache = caches[self._alias]
            # Begins at the clock, so that a cache that lost its memory does not repeat old numbers.
            cache.add(_SHARED_KEYS[hard], time.time_ns() // 1_000_000, timeout=None)
            return int(cache.incr(_SHARED_KEYS[hard]))

        return _answer(raise_it)

    def read(self) -> tuple[int, int] | None:
        """(soft, hard) as all machines see them; 0 is "never raised"; None when there is no answer."""

        def read_it() -> tuple[int, int]:
            found = caches[self._alias].get_many(_SHARED_KEYS.values())
            return int(found.get(_SHARED_KEYS[False], 0)), int(found.get(_SHARED_KEYS[True], 0))

        return _answer(read_it)


def _answer(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    # Every cache backend has its own errors, and none of them may stop a publication.
    except Exception:
        logger.exception("The shared cache of page generations does not answer.")
        return None


@functools.lru_cache(maxsize=8)
def _open(path: Path, alias: str) -> Generation:
    return Generation(path, SharedCounters(alias) if alias else None)


def current() -> Generation:
    """The generation of this deployment, by the settings EBOK_RUNTIME_DIR and EBOK_GENERATION_CACHE.

    EBOK_GENERATION_CACHE names the cache that machines share; unset, it is the default cache where
    that is Redis, and none otherwise.
    """
    alias = getattr(settings, "EBOK_GENERATION_CACHE", None)
    if alias is None:
        redis = str(settings.CACHES.get("default", {}).get("BACKEND", "")).endswith("RedisCache")
        alias = "default" if redis else ""
    return _open(Path(settings.EBOK_RUNTIME_DIR) / FILE_NAME, str(alias))


def bump(*, hard: bool = False) -> int:
    """Put every kept public page out of date, in all processes, from the next request on.

    `hard`: the old ones are not shown any more, not even while a new one is rendered or while
    rendering fails (a module was switched off, a page withdrawn). Call it after the commit of the
    change that it announces: `transaction.on_commit(bump)`.
    """
    return current().bump(hard=hard)
