"""Every installed plugin, the sample among them, goes through every part of the contract."""

from __future__ import annotations

import pytest

from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry


class EveryPlugin:
    """Goes before a part of the contract and makes it run once for each installed plugin."""

    @pytest.fixture(params=[plugin.key for plugin in registry.plugins])
    def plugin(self, request: pytest.FixtureRequest) -> PluginConfig:
        """The plugin under contract."""
        return registry.plugin(request.param)
