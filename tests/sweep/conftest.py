"""The portal with everything switched on and one thing of each kind."""

from __future__ import annotations

import pytest

from ebok.plugins.contract import PluginConfig
from ebok.testing.known import known_arguments
from ebok.testing.samples import SampleWorld, populate


@pytest.fixture
def full_world(world: SampleWorld, all_plugins: tuple[PluginConfig, ...]) -> SampleWorld:
    """All plugins on, one thing of each kind, and arguments for every address."""
    world.url_arguments.update(known_arguments())
    populate(world, 1)
    return world
