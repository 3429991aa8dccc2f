"""NUL, huge, wrong type, unknown fields in every address parameter, query and body: no 500."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ebok.accounts.models import User
from ebok.testing.samples import SampleWorld, sample_path
from ebok.testing.sweep import ask, bad_bodies, bad_paths, bad_queries, content_of, parameters_read
from ebok.testing.urls import named_urls

URLS = {url.name: url for url in named_urls()}
pytestmark = pytest.mark.usefixtures("kept_frame")
Enter = Callable[[User | None], Client]


def visitor(name: str, world: SampleWorld, superuser: User) -> User:
    """Who gets furthest: the customer in the client zone, the superuser everywhere else."""
    return world.owner if URLS[name].zone == "client" else superuser


@pytest.mark.parametrize("name", [name for name, url in URLS.items() if url.parameters])
def test_address_parameters(name: str, full_world: SampleWorld, as_user: Enter, superuser: User) -> None:
    """Each parameter in turn, with and without a person."""
    paths = list(bad_paths(URLS[name], full_world))
    attempts = [
        ask(client, "GET", path)
        for client in (as_user(None), as_user(visitor(name, full_world, superuser)))
        for path in paths
    ]
    assert [str(attempt) for attempt in attempts if attempt.status >= 500] == []


@pytest.mark.parametrize("name", URLS)
def test_queries(name: str, full_world: SampleWorld, as_user: Enter, superuser: User) -> None:
    """Every query parameter that the view is seen to read, and the usual ones."""
    path = sample_path(URLS[name], full_world)
    client = as_user(visitor(name, full_world, superuser))
    with parameters_read() as seen:
        content_of(client.get(path))
    attempts = [ask(client, "GET", f"{path}?{query}") for query in bad_queries(seen)]
    assert [str(attempt) for attempt in attempts if attempt.status >= 500] == []


@pytest.mark.parametrize("name", [name for name in URLS if name != "account_logout"])
def test_bodies(name: str, full_world: SampleWorld, as_user: Enter, superuser: User) -> None:
    """Every field that the view is seen to read, unknown fields, broken JSON and multipart."""
    path = sample_path(URLS[name], full_world)
    client = as_user(visitor(name, full_world, superuser))
    with parameters_read() as seen:
        content_of(client.post(path))
    attempts = [ask(client, "POST", path, data=body, content_type=kind) for kind, body in bad_bodies(seen)]
    assert [str(attempt) for attempt in attempts if attempt.status >= 500] == []
