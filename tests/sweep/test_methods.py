"""Every address of every zone as the wrong person, with every method: no leak, no 500."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from ebok.accounts.models import User
from ebok.plugins.registry import registry
from ebok.testing.people import entry_permissions
from ebok.testing.samples import NoSampleArguments, SampleWorld, sample_path
from ebok.testing.sweep import ask, content_of
from ebok.testing.urls import METHODS, named_urls, zone_urls

URLS = {url.name: url for url in named_urls()}
ZONE_URLS = {url.name: url for url in zone_urls()}
pytestmark = pytest.mark.usefixtures("kept_frame")
Enter = Callable[[User | None], Client]


def test_the_sweep_knows_every_zone() -> None:
    """An empty sweep would prove nothing: every plugin with pages is in it."""
    assert {"client", "employee", "mobile", "public"} <= {url.zone for url in ZONE_URLS.values()}


def test_every_address_with_parameters_has_sample_arguments(full_world: SampleWorld) -> None:
    """A new address is swept without anyone adding it, or this says what to write and where."""
    lacking = []
    for url in URLS.values():
        try:
            sample_path(url, full_world)
        except NoSampleArguments as error:
            lacking.append(str(error))
    assert lacking == []


@pytest.mark.feature("B01", "M17")
@pytest.mark.parametrize("name", [name for name, url in ZONE_URLS.items() if url.zone in registry.zones])
def test_outsiders_get_no_zone_page(name: str, full_world: SampleWorld, as_user: Enter) -> None:
    """Anonymous: sign-in or refusal. Wrong role: 404. In both languages, every method, nothing leaks."""
    url = ZONE_URLS[name]
    nobody, stranger = as_user(None), as_user(full_world.other)
    for language in ("pl", "en"):
        with translation.override(language):
            path = sample_path(url, full_world)
        for method in METHODS:
            answer = nobody.generic(method, path)
            assert (method, answer.status_code) in {(method, status) for status in (302, 404, 405)}
            assert full_world.secret.encode() not in answer.content
            if entry_permissions(url.zone):
                answer = stranger.generic(method, path)
                assert (method, answer.status_code) == (method, 404)


@pytest.mark.parametrize("name", ZONE_URLS)
def test_another_customer_learns_nothing(name: str, full_world: SampleWorld, as_user: Enter) -> None:
    """The owner's secret stands in no answer to anybody else without a permission."""
    path = sample_path(ZONE_URLS[name], full_world)
    for visitor in (None, full_world.other):
        client = as_user(visitor)
        for method in METHODS:
            answer = client.generic(method, path)
            assert answer.status_code != 500, (method, visitor)
            assert full_world.secret.encode() not in content_of(answer), (method, visitor)


@pytest.mark.parametrize("name", URLS)
def test_no_method_ends_in_a_server_error(
    name: str, full_world: SampleWorld, as_user: Enter, superuser: User
) -> None:
    """For those who may do everything, so that views are really reached."""
    path = sample_path(URLS[name], full_world)
    for visitor in (None, full_world.owner, superuser):
        client = as_user(visitor)
        answers = {method: ask(client, method, path).status for method in METHODS}
        assert {method: status for method, status in answers.items() if status >= 500} == {}
