"""The pages kept by one process: bounded in bytes, in addresses of one host and in hosts."""

from __future__ import annotations

import threading
from collections import Counter

from ebok.pagecache.key import Key
from ebok.pagecache.page import Page

# A path with more query variants than this is somebody counting, not somebody reading.
MAX_VARIANTS = 200
# Names under which one deployment answers, with ports; more are inventions of the sender.
MAX_HOSTS = 32
# One page may take at most this part of the whole.
_LARGEST_SHARE = 8


class Store:
    """A mapping that is read without a lock and written under one.

    What was used longest ago goes first; "used" is noted by the reader on the page itself.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.largest_page = max_bytes // _LARGEST_SHARE
        self.pages: dict[Key, Page] = {}
        self.bytes = 0
        self._lock = threading.Lock()
        self._variants: Counter[tuple[str, str]] = Counter()

    def get(self, key: Key) -> Page | None:
        """The page of a key, whatever its age."""
        return self.pages.get(key)

    def put(self, key: Key, page: Page) -> bool:
        """Keep a page; says whether it was kept."""
        if page.size > self.largest_page:
            self.drop(key)
            return False
        with self._lock:
            known = key in self.pages
            if key.query and not known and self._variants[key.host, key.path] >= MAX_VARIANTS:
                return False
            if known:
                # Replaced in place, never absent: a reader at this moment finds the old one.
                page.used = max(page.used, self.pages[key].used)
                self.bytes -= self.pages[key].size
            elif key.query:
                self._variants[key.host, key.path] += 1
            self.pages[key] = page
            self.bytes += page.size
            self._make_room(key)
        return True

    def drop(self, key: Key) -> None:
        """Forget a page, if there is one."""
        with self._lock:
            self._remove(key)

    def drop_older(self, used_before: float, barred: int) -> None:
        """Forget what nobody asked for since `used_before` and may not be shown any more."""
        with self._lock:
            for key, page in list(self.pages.items()):
                if page.used < used_before and page.sequence < barred:
                    self._remove(key)

    def used_since(self, moment: float, limit: int) -> list[Key]:
        """Keys given out since `moment`, the latest first, at most `limit`."""
        with self._lock:
            found = [(page.used, key) for key, page in self.pages.items() if page.used >= moment]
        found.sort(reverse=True)
        return [key for _, key in found[:limit]]

    def _remove(self, key: Key) -> None:
        page = self.pages.pop(key, None)
        if page is None:
            return
        self.bytes -= page.size
        if key.query:
            variant = (key.host, key.path)
            self._variants[variant] -= 1
            if self._variants[variant] <= 0:
                del self._variants[variant]

    def _make_room(self, newest: Key) -> None:
        if self.bytes > self.max_bytes:
            by_use = sorted((page.used, key) for key, page in self.pages.items() if key != newest)
            # A tenth at once, so that a full store does not sort itself for every page.
            for _, key in by_use:
                if self.bytes <= self.max_bytes * 9 // 10:
                    break
                self._remove(key)
        last_use: dict[str, float] = {}
        for key, page in self.pages.items():
            last_use[key.host] = max(last_use.get(key.host, page.used), page.used)
        if len(last_use) > MAX_HOSTS:
            last_use.pop(newest.host)
            oldest = min(last_use, key=lambda host: last_use[host])
            for key in [key for key in self.pages if key.host == oldest]:
                self._remove(key)
