"""Keys: which requests share a page, and that nobody can fill the cache with inventions."""

from __future__ import annotations

import pytest

from ebok.pagecache.generation import Generation
from ebok.pagecache.key import KeyReader, canonical_query
from ebok.pagecache.store import MAX_HOSTS, MAX_VARIANTS
from ebok.pagecache.wsgi import PageCache
from tests.ebok.pagecache.conftest import PUBLIC, Ask, Clock, Renderer, request


def _with_queries(renderer: Renderer, names: str) -> None:
    renderer.headers = [("Cache-Control", PUBLIC), ("X-Ebok-Queries", names)]


def test_declared_names_make_pages_and_their_order_does_not_matter(ask: Ask, renderer: Renderer) -> None:
    _with_queries(renderer, "q, strona")
    assert ask(QUERY_STRING="q=woda&strona=2").verdict == "MISS"
    assert ask(QUERY_STRING="strona=2&q=woda").verdict == "HIT"
    assert ask(QUERY_STRING="strona=3&q=woda").verdict == "MISS"
    assert ask(QUERY_STRING="q=woda&strona=2").body == b"page 1"


def test_other_names_pass_by_and_leave_nothing(ask: Ask, renderer: Renderer, cache: PageCache) -> None:
    _with_queries(renderer, "q")
    ask()
    for query in ("x=1", "q=1&x=2", "q=1&q=2", "%71=1", "q=%00", "q=%1b", "q=" + "x" * 9000, "&&x", "q"):
        ask(QUERY_STRING=query)
    assert {key.query for key in cache.store.pages} == {"", "q"}


def test_links_shared_in_social_networks_hit_the_page(ask: Ask, renderer: Renderer) -> None:
    _with_queries(renderer, "q")
    ask()
    assert ask(QUERY_STRING="fbclid=abc&utm_source=x").verdict == "HIT"
    ask(QUERY_STRING="q=1")
    assert ask(QUERY_STRING="gclid=1&q=1").verdict == "HIT"
    assert renderer.renders == 2


def test_the_first_visitor_by_a_shared_link_leaves_no_trace_of_it(ask: Ask, renderer: Renderer) -> None:
    renderer.body = lambda environ, number: environ["QUERY_STRING"].encode()
    assert ask(QUERY_STRING="fbclid=mine").verdict == "BYPASS"
    assert ask(QUERY_STRING="fbclid=other").body == b""
    assert ask().body == b""


@pytest.mark.parametrize("path", ["/\x00", "/a\nb", "/" + "x" * 600, "no-slash", ""])
def test_weird_paths_pass_by(ask: Ask, cache: PageCache, path: str) -> None:
    assert ask(path).verdict == "BYPASS"
    assert not cache.store.pages


@pytest.mark.parametrize("host", ["", "x" * 300, "zażółć.example"])
def test_weird_hosts_pass_by(ask: Ask, cache: PageCache, host: str) -> None:
    assert ask(HTTP_HOST=host).verdict == "BYPASS"
    assert not cache.store.pages


def test_a_host_is_one_whatever_its_letters(ask: Ask, renderer: Renderer) -> None:
    ask(HTTP_HOST="Lipowo.Example")
    assert ask(HTTP_HOST="lipowo.example").verdict == "HIT"
    assert ask(HTTP_HOST="LIPOWO.EXAMPLE").verdict == "HIT"
    assert ask(HTTP_HOST="www.lipowo.example").verdict == "MISS"


def test_invented_hosts_push_out_each_other_and_not_the_real_one(
    ask: Ask, cache: PageCache, clock: Clock
) -> None:
    for number in range(200):
        clock.passes(0.01)
        ask(HTTP_HOST="lipowo.example")
        clock.passes(0.01)
        ask(HTTP_HOST=f"lipowo.example:{number}")
    assert len({key.host for key in cache.store.pages}) == MAX_HOSTS
    assert ask(HTTP_HOST="lipowo.example").verdict == "HIT"


def test_counting_through_a_query_fills_one_paths_share_only(
    ask: Ask, renderer: Renderer, cache: PageCache
) -> None:
    _with_queries(renderer, "strona")
    for number in range(MAX_VARIANTS + 50):
        ask(QUERY_STRING=f"strona={number}")
    assert len(cache.store.pages) == MAX_VARIANTS
    assert ask().verdict == "MISS"
    assert ask().verdict == "HIT"


def test_memory_is_bounded_and_what_is_in_demand_stays(
    renderer: Renderer, generation: Generation, clock: Clock
) -> None:
    renderer.body = lambda environ, number: b"x" * 20_000
    cache = PageCache(renderer, generation=generation, clock=clock, max_bytes=1_000_000, watch_interval=None)
    for number in range(500):
        clock.passes(0.001)
        request(cache, "/home/")
        request(cache, f"/{number}/")
        assert cache.store.bytes <= 1_000_000
    assert cache.store.bytes == sum(page.size for page in cache.store.pages.values())
    assert request(cache, "/home/").verdict == "HIT"
    assert request(cache, "/1/").verdict == "MISS"


def test_what_is_learned_is_bounded(ask: Ask, renderer: Renderer, cache: PageCache) -> None:
    renderer.headers = []
    for number in range(5000):
        ask(f"/{number}/", HTTP_ACCEPT_ENCODING=f"gzip;q=0.{number}")
    renderer.headers = [("Cache-Control", PUBLIC)]
    for number in range(600):
        ask("/", HTTP_ACCEPT_ENCODING=f"x{number}")
    assert len(cache._private) <= 4096
    assert len(cache._codings) <= 256


@pytest.mark.parametrize(
    ("sent", "scheme"),
    [("https", "https"), ("http", "http"), ("https, http", "https"), ("nonsense", "http"), (None, "http")],
)
def test_behind_a_proxy_the_scheme_is_part_of_the_key(
    renderer: Renderer, generation: Generation, sent: str | None, scheme: str
) -> None:
    name = "HTTP_X_FORWARDED_PROTO"
    cache = PageCache(
        renderer,
        generation=generation,
        reader=KeyReader(secure_header=(name, "https")),
        watch_interval=None,
    )
    sending = {} if sent is None else {name: sent}
    assert [request(cache, **sending).verdict for _ in range(2)] == ["MISS", "HIT"]
    assert [key.scheme for key in cache.store.pages] == [scheme]


def test_without_a_proxy_a_forwarded_scheme_is_nothing(ask: Ask) -> None:
    ask()
    assert ask(HTTP_X_FORWARDED_PROTO="https").verdict == "HIT"


def test_a_forwarded_host_counts_where_django_takes_it(renderer: Renderer, generation: Generation) -> None:
    reader = KeyReader(host_header="HTTP_X_FORWARDED_HOST")
    cache = PageCache(renderer, generation=generation, reader=reader, watch_interval=None)
    assert request(cache, HTTP_X_FORWARDED_HOST="a.example").verdict == "MISS"
    assert request(cache, HTTP_X_FORWARDED_HOST="b.example").verdict == "MISS"
    assert request(cache, HTTP_X_FORWARDED_HOST="a.example", HTTP_HOST="x").verdict == "HIT"
    assert request(cache).verdict == "MISS"
    assert request(cache).verdict == "HIT"


@pytest.mark.parametrize(
    ("query", "stored"),
    [("b=2&a=1", "a=1&b=2"), ("", ""), ("a", "a"), ("a=1&a=2", None), ("c=1", None), ("a=%0a", None)],
)
def test_canonical_query(query: str, stored: str | None) -> None:
    assert canonical_query(query, ("a", "b")) == stored
