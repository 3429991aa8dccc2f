"""The generation: one number for all processes, and for all machines where a cache is shared."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from ebok.pagecache import generation as generations
from ebok.pagecache.generation import Generation, SharedCounters
from tests.ebok.pagecache.conftest import Renderer, eventually

SOURCES = Path(generations.__file__).parents[2]

# A process that answers from its own page cache: prints what it got, once for each line it reads.
VISITOR = """
import sys
sys.path[:0] = [{sources!r}]
from pathlib import Path
from ebok.pagecache.generation import Generation
from ebok.pagecache.wsgi import PageCache

works = True

def app(environ, start_response):
    start_response("200 OK" if works else "503 Oops", [("Cache-Control",
        "public, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400")])
    return [b"x"]

cache = PageCache(app, generation=Generation(Path({path!r})), watch_interval=None)
for line in sys.stdin:
    works = line.strip() != "broken"
    got = []
    cache({{"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "", "HTTP_HOST": "h",
        "wsgi.url_scheme": "http"}}, lambda status, headers, exc_info=None: got.append((status, headers)))
    print(got[0][0][:3], dict(got[0][1])["X-Cache"], flush=True)
"""


class Visitor:
    """A page cache in another process."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", VISITOR.format(sources=str(SOURCES), path=str(path))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def get(self, how: str = "works") -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(how + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate(timeout=10)


def test_a_bump_is_seen_by_the_next_request_of_every_process(tmp_path: Path) -> None:
    path = tmp_path / "generation"
    visitors = [Visitor(path), Visitor(path)]
    try:
        assert [visitor.get() for visitor in visitors] == ["200 MISS"] * 2
        assert [visitor.get() for visitor in visitors] == ["200 HIT"] * 2
        own = Generation(path)
        own.bump()
        assert [visitor.get("broken") for visitor in visitors] == ["200 STALE"] * 2
        own.bump(hard=True)
        assert [visitor.get("broken") for visitor in visitors] == ["503 BYPASS"] * 2
        assert [visitor.get() for visitor in visitors] == ["200 MISS"] * 2
        assert [visitor.get() for visitor in visitors] == ["200 HIT"] * 2
    finally:
        for visitor in visitors:
            visitor.close()


def test_no_bump_is_lost_among_processes(tmp_path: Path) -> None:
    path = tmp_path / "generation"
    before = Generation(path).sequence
    script = (
        f"import sys; sys.path[:0] = [{str(SOURCES)!r}]\n"
        "from pathlib import Path\n"
        "from ebok.pagecache.generation import Generation\n"
        f"own = Generation(Path({str(path)!r}))\n"
        "for _ in range(200): own.bump()\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [process.wait(30) for process in processes] == [0, 0, 0]
    assert Generation(path).sequence == before + 600


def test_a_soft_bump_bars_nothing_and_a_hard_one_everything_before(tmp_path: Path) -> None:
    own = Generation(tmp_path / "generation")
    barred = own.barred
    assert own.bump() > barred
    assert own.barred == barred
    assert own.bump(hard=True) == own.barred == own.sequence


def test_the_number_survives_a_restart(tmp_path: Path) -> None:
    first = Generation(tmp_path / "generation")
    first.bump(hard=True)
    second = Generation(tmp_path / "generation")
    assert (second.sequence, second.barred) == (first.sequence, first.barred)


def test_a_renewed_runtime_folder_bars_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "var" / "generation"
    own = Generation(path)
    before = own.bump()
    path.unlink()
    time.sleep(0.005)  # numbers of a new file begin at the clock, in milliseconds
    own.follow()
    assert own.barred > before
    assert Generation(path).bump() == own.sequence


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    assert Generation(tmp_path / "a" / "b" / "generation").sequence > 0


# Several machines --------------------------------------------------------------------------


@pytest.fixture
def machines(tmp_path: Path) -> list[Generation]:
    caches["default"].clear()
    counters = SharedCounters("default")
    return [Generation(tmp_path / name / "generation", counters) for name in ("one", "two")]


def test_another_machine_follows_through_the_shared_cache(machines: list[Generation]) -> None:
    one, two = machines
    before = (two.sequence, two.barred)
    one.bump()
    two.follow()
    assert two.sequence == before[0] + 1
    assert two.barred == before[1]
    one.bump(hard=True)
    two.follow()
    assert two.barred == two.sequence == before[0] + 2
    two.follow()
    one.follow()
    assert two.sequence == before[0] + 2, "nothing new: nothing raised"


def test_a_shared_cache_that_lost_its_memory_only_costs_a_rendering(machines: list[Generation]) -> None:
    one, two = machines
    one.bump()
    two.follow()
    before = two.sequence
    caches["default"].clear()
    time.sleep(0.002)
    one.bump()
    two.follow()
    assert two.sequence > before


class Away:
    """A cache server that does not answer."""

    def __getattr__(self, name: str) -> Any:
        raise ConnectionError("away")


def test_a_shared_cache_that_is_away_stops_no_publication(
    machines: list[Generation], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, _ = machines
    before = one.sequence
    monkeypatch.setattr(generations, "caches", {"default": Away()})
    assert one.bump() == before + 1
    one.follow()
    assert one.sequence == before + 1
    assert "does not answer" in caplog.text


def test_the_page_cache_follows_other_machines_by_its_watch(
    machines: list[Generation], renderer: Renderer
) -> None:
    from ebok.pagecache.wsgi import PageCache
    from tests.ebok.pagecache.conftest import request

    one, two = machines
    cache = PageCache(renderer, generation=two, watch_interval=0.02)
    request(cache)
    one.bump()
    eventually(lambda: renderer.renders == 2)
