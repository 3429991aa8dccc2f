"""Every page of the demo town's tree with bad queries and bodies: no 500."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site

from ebok.accounts.models import User
from ebok.testing.sweep import Attempt, ask, bad_bodies, bad_queries, parameters_read

Enter = Callable[[User | None], Client]


@pytest.fixture
def demo_town(db: None) -> Site:
    """The loaded demo content, rolled back afterwards."""
    call_command("load_demo", verbosity=0)
    return Site.objects.get(is_default_site=True)


@pytest.mark.long
def test_pages_of_the_tree(demo_town: Site, as_user: Enter) -> None:
    """Each type in each language; with what it reads from query and body once for each type.

    Pages of one type stand for each other, in either language the same view answers.
    """
    client = as_user(None)
    failed: list[str] = []
    walked: set[tuple[type[Page], int]] = set()
    for page in Page.objects.live().specific().order_by("path"):
        url = page.get_url()
        if url is None or (type(page), page.locale_id) in walked:
            continue
        known = any(type(page) is kind for kind, _locale in walked)
        walked.add((type(page), page.locale_id))
        path = "/" + url.split("/", 3)[-1] if "://" in url else url
        with parameters_read() as seen:
            attempts = [ask(client, "GET", path), ask(client, "POST", path)]
        if not known:
            attempts += bad_attempts(client, path, seen)
        failed += [str(attempt) for attempt in attempts if attempt.status >= 500]
    assert len(walked) > 4
    assert failed == []


def bad_attempts(client: Client, path: str, parameters: set[str]) -> list[Attempt]:
    """Everything nobody should send to a page."""
    endings = ("%00", "x" * 3000 + "/", "%ff%fe/", "-1/", "💧/")
    return [
        *(ask(client, "GET", f"{path}?{query}") for query in bad_queries(parameters)),
        *(ask(client, "POST", path, data=body, content_type=kind) for kind, body in bad_bodies(parameters)),
        *(ask(client, "GET", path + ending) for ending in endings),
    ]
