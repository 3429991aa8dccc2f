"""How kept pages grow old, outlive failures and follow publications."""

from __future__ import annotations

import threading

import pytest

from ebok.pagecache.generation import Generation
from ebok.pagecache.wsgi import PageCache
from tests.ebok.pagecache.conftest import PUBLIC, Ask, Clock, Renderer, eventually, request

SESSION = "__Host-session=abc; ebok_session=def; csrftoken=ghi"


# Growing old -------------------------------------------------------------------------------


def test_outdated_is_shown_at_once_and_renewed_behind_the_back(
    ask: Ask, renderer: Renderer, clock: Clock
) -> None:
    ask()
    clock.passes(61)
    renderer.gate = threading.Event()
    assert [ask().verdict for _ in range(20)] == ["STALE"] * 20
    assert ask().body == b"page 1"
    renderer.gate.set()
    eventually(lambda: ask().body == b"page 2")
    assert ask().verdict == "HIT"
    assert renderer.renders == 2


def test_a_page_nobody_asked_for_is_not_shown_as_it_was_long_ago(
    ask: Ask, renderer: Renderer, clock: Clock
) -> None:
    ask()
    clock.passes(500)
    got = ask()
    assert (got.verdict, got.body) == ("MISS", b"page 2")


def test_a_slow_rendering_is_not_waited_for(
    ask: Ask, renderer: Renderer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ebok.pagecache.wsgi.PATIENCE", 0.05)
    ask()
    clock.passes(500)
    renderer.gate = threading.Event()
    assert (ask().verdict, ask().verdict) == ("STALE", "STALE")
    renderer.gate.set()
    eventually(lambda: ask().verdict == "HIT")


def test_a_lifetime_of_one_second_means_one_rendering_a_second(
    cache: PageCache, renderer: Renderer, clock: Clock
) -> None:
    renderer.headers = [("Cache-Control", PUBLIC.replace("s-maxage=60", "s-maxage=1"))]
    for _ in range(1000):
        request(cache)
        clock.passes(0.01)
    eventually(lambda: not cache._renewals._waiting)
    assert renderer.renders <= 10


def test_renewing_asks_as_nobody_in_particular(ask: Ask, renderer: Renderer, clock: Clock) -> None:
    ask(HTTP_COOKIE=f"{SESSION}; ebok_look=contrast-120", HTTP_ACCEPT_LANGUAGE="de", REMOTE_ADDR="10.1.1.1")
    clock.passes(500)
    ask(HTTP_COOKIE=f"{SESSION}; ebok_look=contrast-120", HTTP_REFERER="https://evil.example/")
    asked = renderer.seen[1]
    assert asked["HTTP_COOKIE"] == "ebok_look=contrast-120"
    assert asked["REMOTE_ADDR"] == "127.0.0.1"
    assert (asked["PATH_INFO"], asked["HTTP_HOST"], asked["wsgi.url_scheme"]) == ("/", "testserver", "http")
    assert not {"HTTP_ACCEPT_LANGUAGE", "HTTP_REFERER"} & set(asked)


# When rendering fails ----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["raises", "answers 500"])
def test_pages_stay_when_the_database_is_gone(ask: Ask, renderer: Renderer, clock: Clock, how: str) -> None:
    ask()
    renderer.broken = RuntimeError("no database") if how == "raises" else None
    renderer.status = "500 Internal Server Error"
    clock.passes(3600)
    got = ask()
    assert (got.status, got.verdict, got.body, got.headers["age"]) == (200, "STALE", b"page 1", "3600")
    tried = renderer.renders
    assert [ask().verdict for _ in range(50)] == ["STALE"] * 50
    assert renderer.renders == tried, "it is not tried again at once"
    clock.passes(6)
    assert ask().verdict == "STALE"
    eventually(lambda: renderer.renders == tried + 1)
    renderer.broken, renderer.status = None, "200 OK"
    clock.passes(6)
    ask()
    eventually(lambda: ask().verdict == "HIT")


def test_pages_do_not_stay_for_ever(ask: Ask, renderer: Renderer, clock: Clock) -> None:
    ask()
    renderer.status = "503 Service Unavailable"
    clock.passes(60 + 86400 + 1)
    assert ask().status == 503


def test_a_withdrawn_page_is_forgotten_and_its_visitor_answered(
    ask: Ask, renderer: Renderer, cache: PageCache, clock: Clock
) -> None:
    ask()
    renderer.status = "404 Not Found"
    clock.passes(500)
    assert ask().status == 404
    assert not cache.store.pages


# Generations -------------------------------------------------------------------------------


def test_after_a_publication_the_next_visitor_sees_it(
    ask: Ask, renderer: Renderer, generation: Generation
) -> None:
    ask()
    generation.bump()
    assert [(got.verdict, got.body) for got in (ask(), ask())] == [("MISS", b"page 2"), ("HIT", b"page 2")]


def test_after_a_publication_old_pages_bridge_a_failure(
    ask: Ask, renderer: Renderer, generation: Generation
) -> None:
    ask()
    generation.bump()
    renderer.broken = RuntimeError("no database")
    assert (ask().verdict, ask().body) == ("STALE", b"page 1")


def test_a_hard_bump_bars_old_pages_even_when_rendering_fails(
    ask: Ask, renderer: Renderer, generation: Generation
) -> None:
    ask()
    generation.bump(hard=True)
    renderer.status = "503 Service Unavailable"
    assert ask().status == 503
    renderer.status = "200 OK"
    assert ask().body != b"page 1"


def test_a_bump_during_rendering_outdates_what_is_being_rendered(
    cache: PageCache, renderer: Renderer, generation: Generation
) -> None:
    renderer.gate = threading.Event()
    thread = threading.Thread(target=lambda: request(cache))
    thread.start()
    eventually(lambda: renderer.renders == 1)
    generation.bump(hard=True)
    renderer.gate.set()
    thread.join(10)
    assert request(cache).body == b"page 2"


def test_the_watch_renders_what_is_in_demand_before_anybody_asks(
    ask: Ask, renderer: Renderer, cache: PageCache, generation: Generation, clock: Clock
) -> None:
    ask("/old/")
    clock.passes(700)
    ask("/")
    ask("/awarie/")
    cache.look_around()
    assert renderer.renders == 3
    generation.bump()
    cache.look_around()
    assert [ask("/").verdict, ask("/awarie/").verdict] == ["HIT", "HIT"]
    assert renderer.renders == 5


def test_the_watch_runs_by_itself(renderer: Renderer, generation: Generation) -> None:
    cache = PageCache(renderer, generation=generation, watch_interval=0.01)
    request(cache)
    generation.bump(hard=True)
    eventually(lambda: renderer.renders == 2)
    eventually(lambda: request(cache).verdict == "HIT")
    assert renderer.renders == 2


def test_background_renderings_give_their_connections_back(
    renderer: Renderer, generation: Generation, clock: Clock
) -> None:
    given_back: list[str] = []
    cache = PageCache(
        renderer,
        generation=generation,
        clock=clock,
        watch_interval=None,
        after_background=lambda: given_back.append(threading.current_thread().name),
    )
    request(cache)
    clock.passes(500)
    request(cache)
    eventually(lambda: given_back == ["ebok-page-renewal"])
