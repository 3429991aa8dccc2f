"""Rendering behind the visitor's back: a queue with each key once, and a watch over the generation."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from ebok.pagecache.key import Key

logger = logging.getLogger(__name__)

# Two, so that one page that waits for the database does not hold up the others.
_THREADS = 2
# More keys than this are not queued: their next visitor asks again.
_LONGEST_QUEUE = 256


class Renewals:
    """Threads that renew pages on demand. They start with the first demand, so after any fork."""

    def __init__(self, renew: Callable[[Key], None]) -> None:
        self._renew = renew
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[Key] = queue.SimpleQueue()
        self._waiting: dict[Key, threading.Event] = {}
        self._threads = 0

    def ask(self, key: Key) -> tuple[threading.Event | None, bool]:
        """Have a page renewed soon.

        Returns the event that tells the end, and whether this call is the one that asked first.
        The event is None when too many pages wait already: nothing will happen.
        """
        with self._lock:
            event = self._waiting.get(key)
            if event is not None:
                return event, False
            if len(self._waiting) >= _LONGEST_QUEUE:
                return None, False
            event = self._waiting[key] = threading.Event()
            if self._threads < min(_THREADS, len(self._waiting)):
                self._threads += 1
                threading.Thread(target=self._work, name="ebok-page-renewal", daemon=True).start()
        self._queue.put(key)
        return event, True

    def _work(self) -> None:
        while True:
            key = self._queue.get()
            try:
                self._renew(key)
            # The thread must outlive any page; what went wrong is in the log.
            except Exception:
                logger.exception("A public page could not be renewed: %s%s", key.host, key.path)
            finally:
                with self._lock:
                    event = self._waiting.pop(key)
                event.set()


class Watch:
    """A thread that calls `look` every `interval` seconds, from the first `start` on."""

    def __init__(self, look: Callable[[], None], interval: float) -> None:
        self._look = look
        self._interval = interval
        self._lock = threading.Lock()
        self._started = False

    def start(self) -> None:
        """Begin to watch; calling it again changes nothing."""
        if self._started:
            return
        with self._lock:
            if self._started:
                return
            self._started = True
        threading.Thread(target=self._work, name="ebok-page-watch", daemon=True).start()

    def _work(self) -> None:
        pause = threading.Event()
        while not pause.wait(self._interval):
            try:
                self._look()
            # As above: a full disk or a cache server that is away must not end the watch.
            except Exception:
                logger.exception("The watch over the page generation stumbled.")
