"""The page cache: who gets ready bytes, who renders, what is shown when rendering fails."""

from __future__ import annotations

import gzip
import threading
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest

from ebok.pagecache.generation import Generation
from ebok.pagecache.key import LOOKS
from ebok.pagecache.wsgi import PageCache
from tests.ebok.pagecache.conftest import PUBLIC, Ask, Clock, Renderer, request

SESSION = "__Host-session=abc; ebok_session=def; csrftoken=ghi"


# Hits --------------------------------------------------------------------------------------


def test_the_second_visitor_gets_ready_bytes(ask: Ask, renderer: Renderer, clock: Clock) -> None:
    first = ask()
    clock.passes(7)
    second = ask()
    assert (first.verdict, second.verdict) == ("MISS", "HIT")
    assert (second.status, second.body, second.headers["age"]) == (200, b"page 1", "7")
    assert renderer.renders == 1
    assert renderer.closed == 1


def test_a_thousand_cookies_and_a_session_all_hit(ask: Ask, renderer: Renderer) -> None:
    ask()
    got = [ask(HTTP_COOKIE=f"consent={number}; {SESSION}{number}") for number in range(1000)]
    assert {answer.verdict for answer in got} == {"HIT"}
    assert {answer.body for answer in got} == {b"page 1"}
    assert renderer.renders == 1


def test_six_looks_are_six_pages_and_anything_else_is_the_plain_one(ask: Ask, renderer: Renderer) -> None:
    bodies = {look: ask(HTTP_COOKIE=f"a=b; ebok_look={look}").body for look in LOOKS}
    assert len(set(bodies.values())) == 6
    for odd in ("nonsense", "contrast-100x", "x" * 5000, "light-100", ""):
        assert ask(HTTP_COOKIE=f"ebok_look={odd}").body == bodies["light-100"]
    assert ask(HTTP_COOKIE="not_ebok_look=contrast-150").body == bodies["light-100"]
    assert renderer.renders == 6


def test_the_application_reads_exactly_the_look_of_the_key(ask: Ask, renderer: Renderer) -> None:
    ask(HTTP_COOKIE="ebok_look=contrast-150; s=1;  ebok_look=light-120")
    assert renderer.seen[0]["HTTP_COOKIE"] == "s=1; ebok_look=light-120"
    assert ask(HTTP_COOKIE="ebok_look=light-120").verdict == "HIT"
    assert ask(HTTP_COOKIE="ebok_look=contrast-150").verdict == "MISS"


def test_head_of_a_kept_page_has_its_headers_and_no_body(ask: Ask, renderer: Renderer) -> None:
    ask()
    got = ask(method="HEAD")
    assert (got.status, got.verdict, got.body, got.headers["content-length"]) == (200, "HIT", b"", "6")
    assert renderer.renders == 1


def test_head_of_an_unknown_page_is_not_kept(ask: Ask) -> None:
    assert ask(method="HEAD").verdict == "BYPASS"
    assert ask().verdict == "MISS"


@pytest.mark.parametrize("condition", ["{0}", "W/{0}", '"other", {0}', "*"])
def test_what_the_visitor_has_is_not_sent_again(ask: Ask, condition: str) -> None:
    etag = ask().headers["etag"]
    got = ask(HTTP_IF_NONE_MATCH=condition.format(etag))
    assert (got.status, got.body) == (304, b"")
    assert got.headers["etag"] == etag
    assert "content-length" not in got.headers
    assert ask(HTTP_IF_NONE_MATCH='"something-else"').status == 200
    assert ask(HTTP_IF_NONE_MATCH='"x",' * 5000 + etag).status == 200


def test_the_etag_differs_with_look_and_coding(ask: Ask, renderer: Renderer) -> None:
    renderer.body = lambda environ, number: b"the same bytes " * 100
    tags = {
        ask(HTTP_COOKIE=f"ebok_look={look}", HTTP_ACCEPT_ENCODING=coding).headers["etag"]
        for look in LOOKS
        for coding in ("identity", "gzip", "br")
    }
    assert len(tags) == 18


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip;q=0.8", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("*", "gzip"),
        ("identity", None),
        ("", None),
        ("x" * 9000, None),
    ],
)
def test_compressed_forms(ask: Ask, renderer: Renderer, accepted: str, coding: str | None) -> None:
    plain = b"<p>lorem ipsum</p>" * 200
    renderer.body = lambda environ, number: plain
    ask()
    got = ask(HTTP_ACCEPT_ENCODING=accepted)
    unpacked = {"gzip": gzip.decompress, "br": brotli.decompress}.get(coding or "", bytes)(got.body)
    assert (got.verdict, got.headers.get("content-encoding"), unpacked) == ("HIT", coding, plain)
    assert got.headers["vary"] == "Accept-Encoding"
    assert int(got.headers["content-length"]) == len(got.body)


def test_a_server_may_change_the_header_list_it_gets(cache: PageCache) -> None:
    def spoiling(status: str, headers: list[Any], exc_info: Any = None) -> Any:
        headers.clear()

    request(cache)
    for _ in range(2):
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "",
            "HTTP_HOST": "testserver", "wsgi.url_scheme": "http",
        }  # fmt: skip
        assert cache(environ, spoiling) == [b"page 1"]
    assert request(cache).headers["x-cache"] == "HIT"


# What is kept ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Cache-Control", "private, s-maxage=60")],
        [("Cache-Control", "public, max-age=60")],
        [("Cache-Control", "public, s-maxage=0")],
        [("Cache-Control", "public, s-maxage=ten")],
        [("Cache-Control", "public, s-maxage=60, no-store")],
        [("Cache-Control", PUBLIC), ("Set-Cookie", "a=b")],
        [("Cache-Control", PUBLIC), ("Vary", "Cookie")],
        [("Cache-Control", PUBLIC), ("Vary", "Accept-Encoding, HX-Request")],
        [("Cache-Control", PUBLIC), ("Content-Encoding", "gzip")],
    ],
)
def test_only_what_is_declared_public_is_kept(
    ask: Ask, renderer: Renderer, cache: PageCache, headers: list[tuple[str, str]]
) -> None:
    renderer.headers = headers
    assert [ask().verdict, ask().verdict] == ["BYPASS", "BYPASS"]
    assert renderer.renders == 2
    assert renderer.closed == 2
    assert not cache.store.pages


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found", "500 Oops", "206 Partial Content"])
def test_only_plain_success_is_kept(ask: Ask, renderer: Renderer, cache: PageCache, status: str) -> None:
    renderer.status = status
    assert [ask().verdict, ask().verdict] == ["BYPASS", "BYPASS"]
    assert not cache.store.pages


def test_other_methods_pass_through_and_are_not_kept(ask: Ask, renderer: Renderer) -> None:
    ask()
    assert ask(method="POST").verdict == "BYPASS"
    assert ask(method="OPTIONS").verdict == "BYPASS"
    assert ask().verdict == "HIT"
    assert renderer.renders == 3


@pytest.mark.parametrize("personal", ["HTTP_AUTHORIZATION", "HTTP_HX_REQUEST"])
def test_fragments_and_proven_identities_neither_hit_nor_fill(ask: Ask, personal: str) -> None:
    assert ask(**{personal: "true"}).verdict == "BYPASS"
    assert ask().verdict == "MISS"
    assert ask(**{personal: "true"}).verdict == "BYPASS"


def test_an_application_that_starts_late_or_writes_is_served_whole(generation: Generation) -> None:
    def late(environ: Any, start_response: Any) -> Any:
        write = start_response("200 OK", [("Cache-Control", PUBLIC), ("Content-Type", "text/plain")])
        write(b"one ")
        yield b"two "
        yield b"three"

    cache = PageCache(late, generation=generation, watch_interval=None)
    assert [request(cache).body for _ in range(2)] == [b"one two three"] * 2


def test_a_page_too_large_is_delivered_but_not_kept(renderer: Renderer, generation: Generation) -> None:
    renderer.body = lambda environ, number: b"x" * 100_000
    cache = PageCache(renderer, generation=generation, max_bytes=400_000, watch_interval=None)
    got = [request(cache) for _ in range(2)]
    assert [len(answer.body) for answer in got] == [100_000, 100_000]
    assert not cache.store.pages
    assert renderer.closed == 2


# What proxies are told ---------------------------------------------------------------------


def test_caches_in_front_get_a_short_lifetime_counted_from_now(ask: Ask, clock: Clock) -> None:
    ask()
    clock.passes(30)
    got = ask()
    assert got.headers["cache-control"] == (
        "public, max-age=0, s-maxage=31, stale-while-revalidate=1, stale-if-error=86400"
    )
    assert (got.headers["age"], got.headers["x-accel-expires"]) == ("30", "1")


def test_a_page_kept_out_of_proxies_is_kept_only_here(ask: Ask, renderer: Renderer) -> None:
    renderer.headers = [*renderer.headers, ("X-Accel-Expires", "0"), ("X-Ebok-Queries", "q")]
    ask()
    got = ask()
    assert got.verdict == "HIT"
    assert got.headers["cache-control"] == "public, max-age=0, s-maxage=0, must-revalidate"
    assert got.headers["x-accel-expires"] == "0"
    assert "x-ebok-queries" not in got.headers
    assert len(got.names) == len(set(got.names))


def test_what_is_not_kept_here_is_kept_by_no_proxy(ask: Ask, renderer: Renderer) -> None:
    ask()
    got = ask(QUERY_STRING="who=knows")
    assert (got.verdict, got.headers["x-accel-expires"]) == ("BYPASS", "0")
    assert "s-maxage=0" in got.headers["cache-control"]
    renderer.headers = [("Cache-Control", "no-store")]
    private = ask("/private/")
    assert private.headers["cache-control"] == "no-store"
    assert private.headers["x-accel-expires"] == "0"


# Single flight -----------------------------------------------------------------------------


def _crowd(cache: PageCache, size: int, path: str = "/") -> list[Any]:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(request(cache, path))) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


def test_fifty_threads_make_one_rendering(cache: PageCache, renderer: Renderer) -> None:
    renderer.seconds = 0.2
    answers = _crowd(cache, 50)
    assert renderer.renders == 1
    assert {answer.body for answer in answers} == {b"page 1"}
    assert sorted(answer.verdict for answer in answers) == ["HIT"] * 49 + ["MISS"]


def test_private_pages_do_not_wait_for_each_other_once_known(cache: PageCache, renderer: Renderer) -> None:
    renderer.headers = [("Cache-Control", "no-store")]
    request(cache)
    renderer.seconds, before = 0.2, renderer.renders
    answers = _crowd(cache, 10)
    assert renderer.renders - before == 10
    assert len({answer.body for answer in answers}) == 10


def test_a_page_that_becomes_public_is_kept_after_the_next_publication(
    ask: Ask, renderer: Renderer, generation: Generation
) -> None:
    renderer.status = "404 Not Found"
    ask()
    renderer.status = "200 OK"
    generation.bump()
    assert [ask().verdict, ask().verdict] == ["MISS", "HIT"]


def test_a_failed_first_rendering_reaches_the_visitor_and_blocks_nobody(ask: Ask, renderer: Renderer) -> None:
    renderer.broken = RuntimeError("no database")
    with pytest.raises(RuntimeError, match="no database"):
        ask()
    renderer.broken = None
    assert [ask().verdict, ask().verdict] == ["MISS", "HIT"]
