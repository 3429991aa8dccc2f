"""Every page of the demo town's tree with bad queries and bodies: no 500."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site

from ebok.accounts.models import User
from ebok.testing.sweep import ask, bad_bodies, bad_queries, parameters_read

Enter = Callable[[User | None], Client]


@pytest.fixture
def demo_town(db: None) -> Site:
    """The loaded demo content, rolled back afterwards."""
    call_command("load_demo", verbosity=0)
    return Site.objects.get(is_default_site=True)


def test_pages_of_the_tree(demo_town: Site, as_user: Enter) -> None:
    """Each page with what it reads from query and body; pages of one type stand for each other."""
    client = as_user(None)
    failed: list[str] = []
    walked = set()
    for page in Page.objects.live().specific().order_by("path"):
        url = page.get_url()
        if url is None or (type(page), page.locale_id) in walked:
            continue
        walked.add((type(page), page.locale_id))
        path = "/" + url.split("/", 3)[-1] if "://" in url else url
        with parameters_read() as seen:
            client.get(path)
            client.post(path)
        attempts = [ask(client, "GET", f"{path}?{query}") for query in bad_queries(seen)]
        attempts += [
            ask(client, "POST", path, data=body, content_type=kind) for kind, body in bad_bodies(seen)
        ]
        attempts += [
            ask(client, "GET", path + ending) for ending in ("%00", "x" * 3000 + "/", "%ff%fe/", "-1/", "💧/")
        ]
        failed += [str(attempt) for attempt in attempts if attempt.status >= 500]
    assert len(walked) > 4
    assert failed == []
