"""The WSGI application in front of Django that answers public pages from memory."""

from __future__ import annotations

import enum
import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from ebok.pagecache import generation as generations
from ebok.pagecache.background import Renewals, Watch
from ebok.pagecache.flight import Flights
from ebok.pagecache.key import DEFAULT_LOOK, LOOK_COOKIE, Key, KeyReader, canonical_query, look_of
from ebok.pagecache.page import Page, best_coding, headers_of_304
from ebok.pagecache.policy import DOWNSTREAM_HEADER, QUERIES_HEADER, Headers, read_policy, without
from ebok.pagecache.render import Answer, ask, clean_environ, server_part, visitors_environ
from ebok.pagecache.store import Store

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

DEFAULT_BYTES = 64 * 1024 * 1024
# Who asks for an outdated page waits this long for the new one, then gets the old one.
PATIENCE = 1.0
# Who asks for a page that is not there waits this long for somebody else's rendering.
LONGEST_WAIT = 30.0
# After a failed rendering the next try comes this much later.
RETRY_AFTER = 5.0
# How often each process looks whether something was published, in seconds.
WATCH_INTERVAL = 0.25
# After a publication the pages asked for in this time are rendered again before anybody asks.
WARM_SECONDS = 600.0
WARM_PAGES = 48
# How long an address that turned out not to be public goes past the single flight.
_PRIVATE_SECONDS = 10.0
_MOST_REMEMBERED = 4096


class State(enum.Enum):
    """What may be done with a kept page at this moment."""

    FRESH = enum.auto()
    REST = enum.auto()  # outdated, the last rendering failed: show it, do not try yet
    RENEW = enum.auto()  # outdated a short while: show it, render a new one in the background
    WAIT = enum.auto()  # outdated: wait for the new one if it comes soon, else show it
    LAST_RESORT = enum.auto()  # too old to be shown, but for a failure
    GONE = enum.auto()  # not to be shown


class PageCache:
    """Answers public pages from memory, with or without a session cookie, and asks Django for the rest.

    1. GET and HEAD of an address with a kept, fresh page: answered at once (X-Cache: HIT), also 304.
    2. Kept but outdated: answered with the old bytes (STALE) while one background thread renders the
       new ones; when rendering fails, the old bytes stay for as long as `stale-if-error` allows.
    3. Not kept: one thread renders, the others wait for it (MISS). What the application declares
       public (see `policy.read_policy`) is kept.
    4. Everything else passes through untouched (BYPASS).

    `clock` counts seconds and never goes back. `downstream`: seconds that a cache in front of this one
    may keep a page; `after_background` is called at the end of each rendering in a background thread.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        generation: generations.Generation,
        max_bytes: int = DEFAULT_BYTES,
        reader: KeyReader | None = None,
        clock: Callable[[], float] = time.monotonic,
        downstream: int = 1,
        watch_interval: float | None = WATCH_INTERVAL,
        after_background: Callable[[], None] | None = None,
    ) -> None:
        self.app = app
        self.generation = generation
        self.store = Store(max_bytes)
        self._pages = self.store.pages
        self._reader = reader or KeyReader()
        self._clock = clock
        self._downstream = downstream
        self._after_background = after_background
        self._flights = Flights()
        self._renewals = Renewals(self._renew)
        self._watch = Watch(self.look_around, watch_interval) if watch_interval else None
        self._seen = generation.sequence
        self._followed = clock()
        self._server: WSGIEnvironment = {}
        self._codings: dict[str, int] = {}
        self._queries: dict[tuple[str, str], frozenset[str]] = {}
        self._private: dict[tuple[str, str], tuple[int, float]] = {}
        # Read on every hit, so kept as plain attributes.
        self._host_header = self._reader.host_header
        self._secure_header, self._secure_value = self._reader.secure_header or ("", "")

    @classmethod
    def wrap(cls, app: WSGIApplication) -> WSGIApplication:
        """The application as the settings want it: with the cache, or as it came (EBOK_PAGE_CACHE)."""
        if not getattr(settings, "EBOK_PAGE_CACHE", True):
            return app
        secure = settings.SECURE_PROXY_SSL_HEADER
        reader = KeyReader(
            secure_header=(secure[0], secure[1]) if secure else None,
            host_header="HTTP_X_FORWARDED_HOST" if settings.USE_X_FORWARDED_HOST else "HTTP_HOST",
        )
        return cls(
            app,
            generation=generations.current(),
            max_bytes=int(getattr(settings, "EBOK_PAGE_CACHE_BYTES", DEFAULT_BYTES)),
            reader=reader,
            downstream=int(getattr(settings, "EBOK_PAGE_CACHE_DOWNSTREAM_SECONDS", 1)),
            after_background=connections.close_all,
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. The hit path: no lock, no system call but the clock, nothing parsed."""
        get = environ.get
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"}:
            return self._pass(environ, start_response)
        cookie = get("HTTP_COOKIE")
        look = DEFAULT_LOOK if cookie is None or LOOK_COOKIE not in cookie else look_of(cookie)
        scheme = environ["wsgi.url_scheme"]
        if self._secure_header:
            sent = get(self._secure_header)
            if sent is not None:
                # A list of several proxies' values is left to the slow path, which knows Django's rule.
                scheme = "https" if sent == self._secure_value else ""
        page = self._pages.get(
            (scheme, get(self._host_header), environ["PATH_INFO"], get("QUERY_STRING", ""), look)  # type: ignore[call-overload]
        )
        if (
            page is not None
            and page.sequence == self.generation.words[0]
            and "HTTP_HX_REQUEST" not in environ
            and "HTTP_AUTHORIZATION" not in environ
        ):
            now = self._clock()
            if now < page.fresh_until:
                page.used = now
                accepted = get("HTTP_ACCEPT_ENCODING")
                coding = 0 if accepted is None else self._codings.get(accepted, -1)
                form = page.forms[coding if coding >= 0 else self._learn_coding(accepted or "")]
                age = int(now - page.born)
                dressed = form.dressed
                if dressed[0] != age:
                    form.dressed = dressed = (age, page.headers(form, age, "HIT"))
                known = get("HTTP_IF_NONE_MATCH")
                if known is not None and page.matches(known):
                    start_response("304 Not Modified", headers_of_304(dressed[1]))
                    return []
                start_response("200 OK", dressed[1].copy())
                return [form.body] if method == "GET" else []
        return self._slow(environ, start_response)

    def look_around(self) -> None:
        """What the watch does: follow other machines, and after a bump render what is in demand again."""
        now = self._clock()
        if now - self._followed >= 1.0:
            self._followed = now
            self.generation.follow()
        sequence = self.generation.sequence
        if sequence == self._seen:
            return
        self._seen = sequence
        self.store.drop_older(now - WARM_SECONDS, self.generation.barred)
        for key in self.store.used_since(now - WARM_SECONDS, WARM_PAGES):
            page = self.store.get(key)
            if page is not None and page.sequence < self.generation.sequence:
                self._renew(key)

    # The slow path, in the order in which a request walks it.

    def _slow(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = self._key_of(environ)
        if key is None:
            return self._pass(environ, start_response)
        page = self.store.get(key)
        now = self._clock()
        state = State.GONE if page is None else self._state(page, now)
        if page is None or state is State.GONE:
            if environ["REQUEST_METHOD"] != "GET" or self._is_private((key.host, key.path), now):
                return self._pass(environ, start_response)
            return self._miss(key, environ, start_response)
        if state is State.FRESH:
            return self._show(page, environ, start_response, "HIT")
        if state is not State.REST:
            self._ask_and_wait(key, state)
        newer = self.store.get(key)
        if newer is None:
            # Not public any more, or not there: the visitor's own request gets the answer.
            return self._pass(environ, start_response)
        return self._show(newer, environ, start_response, "STALE" if newer is page else "MISS")

    def _key_of(self, environ: WSGIEnvironment) -> Key | None:
        """The key with its query in canonical order; None for what is passed through."""
        key = self._reader.read(environ)
        if key is None or not key.query:
            return key
        names = self._queries.get((key.host, key.path))
        if names is None:
            # Not seen yet: only the page itself can say which names belong to it.
            return key
        query = canonical_query(key.query, names)
        return None if query is None else key._replace(query=query)

    def _state(self, page: Page, now: float) -> State:  # noqa: PLR0911 (a table, read line by line)
        """What may be done with a page now."""
        if page.sequence < self.generation.barred:
            return State.GONE
        policy, age = page.policy, now - page.born
        bumped = page.sequence != self.generation.sequence
        if not bumped and age < policy.seconds:
            return State.FRESH
        if age >= policy.seconds + max(policy.stale, policy.if_error):
            return State.GONE
        if page.retry_at is not None:
            return State.REST if now < page.retry_at else State.RENEW
        if age >= policy.seconds + policy.stale:
            return State.LAST_RESORT
        # Up to twice its lifetime a page is shown at once. An older one, and one that a publication
        # has outdated, is worth a moment: the editor sees what was just published, and a page that
        # is rarely asked for does not come out as it was long ago.
        if not bumped and age < policy.seconds + min(policy.stale, policy.seconds):
            return State.RENEW
        return State.WAIT

    def _ask_and_wait(self, key: Key, state: State) -> None:
        """Have a page rendered; wait for it where its state says so, but one waits, not all."""
        event, first = self._renewals.ask(key)
        if event is None or state is State.RENEW:
            return
        if state is State.LAST_RESORT:
            event.wait(LONGEST_WAIT)
        elif first:
            event.wait(PATIENCE)

    def _miss(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Nothing to show: one thread renders for all that ask meanwhile."""
        flight = self._flights.begin(key)
        if flight is None:
            other = self._flights.find(key)
            if other is not None:
                other.wait(LONGEST_WAIT)
        try:
            # Also for the one who renders: the page may have landed between the look and the start.
            page = self.store.get(key)
            if page is not None and self._state(page, self._clock()) is not State.GONE:
                return self._show(page, environ, start_response, "HIT")
            if flight is None:
                return self._pass(environ, start_response)
            sequence, began = self.generation.sequence, self._clock()
            if not self._server:
                self._server = server_part(environ)
            asked = visitors_environ(environ, key)
            if (key.host, key.path) in self._queries:
                asked["QUERY_STRING"] = key.query
            answer = ask(self.app, asked)
            page = self._keep(key, answer, asked["QUERY_STRING"], began, sequence)
        finally:
            if flight is not None:
                self._flights.end(key, flight)
        if page is not None:
            return self._show(page, environ, start_response, "MISS")
        address = (key.host, key.path)
        if not answer.failed and address not in self._queries:
            self._remember_private(address, sequence, began)
        return self._deliver(answer, start_response)

    def _keep(self, key: Key, answer: Answer, query: str, born: float, sequence: int) -> Page | None:
        """Make a page of an answer and store it; None when it may not be kept (or is too large)."""
        policy = read_policy(answer.status, answer.headers)
        if policy is None:
            self._queries.pop((key.host, key.path), None)
            return None
        if len(self._queries) >= _MOST_REMEMBERED:
            self._queries.clear()
        self._queries[key.host, key.path] = policy.queries
        # Rendered with a query in another order, or with names that do not belong to the page.
        if canonical_query(query, policy.queries) != query:
            return None
        body = answer.read(self.store.largest_page)
        if body is None:
            self._queries.pop((key.host, key.path), None)
            return None
        page = Page(
            headers=answer.headers,
            body=body,
            policy=policy,
            look=key.look,
            born=born,
            sequence=sequence,
            downstream=self._downstream,
        )
        self.store.put(key._replace(query=query), page)
        if self._watch is not None:
            self._watch.start()
        return page

    def _renew(self, key: Key) -> None:
        """Render a kept page anew, as nobody in particular. Called in background threads only."""
        flight = self._flights.begin(key)
        if flight is None:
            other = self._flights.find(key)
            if other is not None:
                other.wait(LONGEST_WAIT)
            return
        try:
            page = self.store.get(key)
            if page is None or self._state(page, self._clock()) is State.FRESH:
                return
            if not self._rendered(key):
                page.retry_at = self._clock() + RETRY_AFTER
        finally:
            self._flights.end(key, flight)
            if self._after_background is not None:
                self._after_background()

    def _rendered(self, key: Key) -> bool:
        """Render a page and keep it or, when it is not public any more, forget it. False: it failed."""
        sequence, began = self.generation.sequence, self._clock()
        environ = clean_environ(
            self._server, key, host_header=self._host_header, secure_header=self._reader.secure_header
        )
        try:
            answer = ask(self.app, environ)
            page = None if answer.failed else self._keep(key, answer, key.query, began, sequence)
        # Whatever went wrong, the old page stays; Django has logged its own errors.
        except Exception:
            logger.exception("A public page could not be rendered: %s%s", key.host, key.path)
            return False
        if answer.failed:
            answer.close()
            return False
        if page is None:
            answer.close()
            self.store.drop(key)
        return True

    # Answers.

    def _show(
        self, page: Page, environ: WSGIEnvironment, start_response: StartResponse, verdict: str
    ) -> Iterable[bytes]:
        now = self._clock()
        page.used = now
        form = page.forms[self._learn_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        headers = page.headers(form, max(0, int(now - page.born)), verdict)
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and page.matches(known):
            start_response("304 Not Modified", headers_of_304(headers))
            return []
        start_response("200 OK", headers)
        return [form.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _pass(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application answer."""

        def passing(status: str, headers: Headers, exc_info: Any = None, /) -> Callable[[bytes], object]:
            outward = _outward(status, headers)
            return start_response(status, outward, exc_info) if exc_info else start_response(status, outward)

        return self.app(environ, passing)

    def _deliver(self, answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
        outward = _outward(answer.status, answer.headers)
        if answer.exc_info:
            start_response(answer.status, outward, answer.exc_info)
        else:
            start_response(answer.status, outward)
        return answer.body

    # What is learned on the way; each bounded, and forgotten whole when full.

    def _learn_coding(self, accepted: str) -> int:
        coding = self._codings.get(accepted)
        if coding is None:
            if len(self._codings) >= 256:
                self._codings.clear()
            coding = best_coding(accepted[:512])
            self._codings[accepted[:512]] = coding
        return coding

    def _is_private(self, address: tuple[str, str], now: float) -> bool:
        sequence, until = self._private.get(address, (0, 0.0))
        return now < until and sequence == self.generation.sequence

    def _remember_private(self, address: tuple[str, str], sequence: int, now: float) -> None:
        if len(self._private) >= _MOST_REMEMBERED:
            self._private.clear()
        self._private[address] = (sequence, now + _PRIVATE_SECONDS)


def _outward(status: str, headers: Headers) -> Headers:
    """Headers of an answer that was not kept here, and so must not be kept in front of us either."""
    outward = without(headers, QUERIES_HEADER.lower(), DOWNSTREAM_HEADER.lower(), "x-cache")
    if read_policy(status, headers) is not None:
        control = ("Cache-Control", "public, max-age=0, s-maxage=0, must-revalidate")
        outward = [*without(outward, "cache-control"), control]
    return [*outward, (DOWNSTREAM_HEADER, "0"), ("X-Cache", "BYPASS")]
