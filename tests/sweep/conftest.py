"""The portal with everything switched on and one thing of each kind, made once for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.db import connections, transaction
from django.test import override_settings
from django.utils import translation
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.plugins.registry import registry
from ebok.testing.fixtures import new_world
from ebok.testing.known import known_arguments
from ebok.testing.samples import SampleWorld, configure, populate
from ebok.testing.sweep import frame_kept
from ebok.testing.switching import switch_on
from tests.conftest import runtime_settings


@pytest.fixture(scope="module")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the world lie."""
    return tmp_path_factory.mktemp("world")


@pytest.fixture(autouse=True)
def runtime_dir(world_folder: Path, settings: Any) -> Path:
    """The folder of the world in place of one for each test: pages show the world's files."""
    for name, value in runtime_settings(world_folder).items():
        setattr(settings, name, value)
    return world_folder


@pytest.fixture(scope="module")
def lasting_world(django_db_setup: None, django_db_blocker: Any, world_folder: Path) -> Iterator[SampleWorld]:
    """All plugins on, one thing of each kind, and arguments for every address.

    Making it takes as long as sweeping an address, so it stands in a transaction around the tests of a
    file; each test has a savepoint in it, to which it goes back.
    """
    with (
        django_db_blocker.unblock(),
        override_settings(**runtime_settings(world_folder)),
        translation.override(project.LANGUAGE_CODE),
        transaction.atomic(),
        pytest.MonkeyPatch.context() as patched,
    ):
        # Django's test case closes the connection when it ends; the transaction would end with it.
        patched.setattr(connections["default"], "close", lambda: None)
        cache.clear()
        world = new_world(Site.objects.get(is_default_site=True))
        world.url_arguments.update(known_arguments())
        configure(world, registry.plugins)
        for plugin in registry.plugins:
            switch_on(world.site, plugin.key)
        populate(world, 1)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def full_world(lasting_world: SampleWorld, db: None) -> SampleWorld:
    """The world, with people who remember nothing of earlier tests."""
    owner, other = (User.objects.get(pk=one.pk) for one in (lasting_world.owner, lasting_world.other))
    return replace(
        lasting_world,
        owner=owner,
        other=other,
        url_arguments=dict(lasting_world.url_arguments),
        shared=set(lasting_world.shared),
    )


@pytest.fixture
def kept_frame(full_world: SampleWorld) -> Iterator[None]:
    """For tests that do nothing but ask for pages of the world."""
    with frame_kept():
        yield
