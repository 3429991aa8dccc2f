"""Pytest fixtures for plugin authors: `pytest_plugins = ["ebok.testing.fixtures"]`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.access import give_access
from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry
from ebok.testing import mirror
from ebok.testing.people import entry_permissions, person
from ebok.testing.queries import exactly_queries
from ebok.testing.samples import SECRET, SampleWorld, configure
from ebok.testing.switching import switch_off, switch_on

# So that a failed contract shows both sides of the comparison.
pytest.register_assert_rewrite("ebok.testing.contracts")


@pytest.fixture
def site(db: None) -> Site:
    """The default Wagtail site."""
    return Site.objects.get(is_default_site=True)


@pytest.fixture
def world(site: Site) -> SampleWorld:
    """The default site and two people with a customer each, for `testing.py` files to fill."""
    return new_world(site)


def new_world(site: Site) -> SampleWorld:
    """What the fixture `world` gives, for fixtures that keep it longer than for one test."""
    owner, other = person("owner@example.org"), person("other@example.org")
    world = SampleWorld(
        site=site,
        owner=owner,
        other=other,
        customer=mirror.customer(code="PROBA-1", name=f"Anna {SECRET}", town="Lipowo"),
        other_customer=mirror.customer(code="PROBA-2", name="Jan Inny", town="Lipowo"),
    )
    give_access(world.customer, owner)
    give_access(world.other_customer, other)
    return world


@pytest.fixture
def enable(world: SampleWorld) -> Callable[..., None]:
    """`enable("e_dokument", …)`: configure and switch on plugins with all they need."""

    def switch(*keys: str) -> None:
        for key in keys:
            configure(world, [registry.plugin(key)])
            switch_on(world.site, key)

    return switch


@pytest.fixture
def disable(site: Site) -> Callable[..., None]:
    """`disable("e_dokument", …)`: switch off plugins, and before them those that require them."""

    def switch(*keys: str) -> None:
        for key in keys:
            switch_off(site, key)

    return switch


@pytest.fixture
def all_plugins(world: SampleWorld) -> tuple[PluginConfig, ...]:
    """Every installed plugin, configured and switched on."""
    configure(world, registry.plugins)
    for plugin in registry.plugins:
        switch_on(world.site, plugin.key)
    return registry.plugins


@pytest.fixture
def person_in(db: None) -> Callable[[str], User]:
    """`person_in("employee")`: a person who may enter the zone and has no other permission."""

    def make(zone: str) -> User:
        return person(f"person-in-{zone}@example.org", permissions=entry_permissions(zone))

    return make


@pytest.fixture
def as_user() -> Callable[[User | None], Client]:
    """`as_user(someone)`: a test client signed in as that person; `as_user(None)` is anonymous."""

    def make(user: User | None) -> Client:
        # Answers of 500 are what the contracts look for, so they must not be raised.
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def assert_queries(db: None) -> Callable[[int], AbstractContextManager[CaptureQueriesContext]]:
    """`with assert_queries(6): …`: exactly so many, or every query is shown."""
    return exactly_queries
