"""What a public page costs when it is rendered, and that it says the same to everybody: on the demo town."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.operations.demo_loading import load
from ebok.pagecache import kept
from ebok.pagecache.headers import is_public
from page_types.models import AnnouncementIndexPage, HomePage, OutageIndexPage, StandardPage
from snippets.outages.models import Outage

pytestmark = [
    pytest.mark.django_db,
    # Building the demo's files leaves temporary files to the collector (zipfile and Django's uploads).
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

MOST_QUERIES = 12
"""For any uncached public page (Wagtail's own demo spends 22 on a blog page)."""

MOST_CALLS = {"home": 33_000, "news": 34_000, "standard": 29_000, "outages": 39_000, "outage": 25_000}
"""Calls of Python and C functions while the page is rendered, the frame being kept: a measure of work that
no other process disturbs. A fifth above what was counted; 10,000 calls take about 3 ms."""


FORMS = frozenset({"/odczyt/", "/en/odczyt/"})
"""Into these people write about themselves, so they are kept nowhere; the budget holds for them, too."""


@pytest.fixture
def town(restored_db: None) -> list[str]:
    """The demo town, committed as in operation; the paths in its sitemap."""
    load(say=lambda line: None)
    Site.objects.update(hostname="testserver", port=80)
    Site.clear_site_root_paths_cache()
    kept.forget()
    found = Client().get("/sitemap.xml").content.decode()
    paths = [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", found)]
    assert len(paths) > 40
    return paths


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Queries so far. A look into the shared cache is one, too: in the embedded default it is a table."""
    looks: list[str] = []

    def spied(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def look(*args: Any, **kwargs: Any) -> Any:
            looks.append(name)
            return original(*args, **kwargs)

        return look

    with monkeypatch.context() as patched, CaptureQueriesContext(connection) as captured:
        backend = type(cache._connections[cache._alias])  # type: ignore[attr-defined]  # the proxy's own
        for name in ("get", "get_many", "set", "add", "incr"):
            patched.setattr(backend, name, spied(name, getattr(backend, name)))
        yield lambda: len(captured) + len(looks)


def test_every_page_is_cheap_public_and_the_same_for_all(
    town: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # One test for all of it, since building the town takes longer than asking for its pages.
    anybody = Client()
    somebody = Client()
    somebody.force_login(User.objects.filter(is_superuser=True).order_by("pk")[0])
    wrong = {path: fault for path in town if (fault := fault_of(path, anybody, somebody, monkeypatch))}
    assert wrong == {}
    then, calls = costs_with_a_kept_frame(anybody)
    assert then == {"home": 1, "news": 4, "standard": 4, "outages": 2, "outage": 1}
    assert {name: count for name, count in calls.items() if count > MOST_CALLS[name]} == {}


def fault_of(path: str, anybody: Client, somebody: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is wrong with a page drawn just after a publication, when nothing is kept; "" for nothing."""
    anybody.get(path)
    kept.forget()
    with counted(monkeypatch) as queries:
        response = anybody.get(path)
        taken = queries()
    signed_in = somebody.get(path, headers={"accept-language": "de", "referer": "https://x.example/"})
    if response.status_code != 200:
        return f"answers {response.status_code}"
    if path in FORMS:
        return "is kept" if "no-store" not in response["Cache-Control"] else _over_budget(taken)
    if not is_public(response):
        return f"is not public: {response.get('Cache-Control')}"
    if response.content != signed_in.content or not is_public(signed_in):
        return "differs for somebody signed in"
    return _over_budget(taken)


def _over_budget(taken: int) -> str:
    return f"takes {taken} queries" if taken > MOST_QUERIES else ""


def costs_with_a_kept_frame(client: Client) -> tuple[dict[str, int], dict[str, int]]:
    """Queries and calls of pages whose frame is kept."""
    outage = Outage.objects.filter(live=True, water_points__isnull=False).order_by("pk")[0]
    index = OutageIndexPage.objects.filter(locale__language_code="pl").get().get_url()
    paths = {
        "home": HomePage.objects.filter(locale__language_code="pl").get().get_url(),
        "news": AnnouncementIndexPage.objects.filter(locale__language_code="pl").get().get_url(),
        "standard": StandardPage.objects.filter(slug="o-nas").get().get_url(),
        "outages": index,
        "outage": f"{index}{outage.uid}/",
    }
    queries: dict[str, int] = {}
    calls: dict[str, int] = {}
    for name, path in paths.items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        queries[name] = len(captured)
        calls[name] = calls_of(client, path)
    return queries, calls


def calls_of(client: Client, path: str) -> int:
    """Function calls while the page is rendered."""
    count = 0

    def tick(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        client.get(path)
    finally:
        sys.setprofile(before)
    return count
