"""What the registry collects, and what it refuses."""

from __future__ import annotations

import types
from typing import Any

import pytest

from ebok.plugins import registry as registry_module
from ebok.plugins.registry import ContributionError, UnknownPlugin, registry
from ebok.ports import Permission


@pytest.mark.feature("M11")
@pytest.mark.feature("M17")
def test_the_zones_are_plugins() -> None:
    assert {key: plugin.key for key, (_zone, plugin) in registry.zones.items()} == {
        "client": "client_zone",
        "employee": "employee_zone",
        "mobile": "mobile_zone",
    }


def test_an_unknown_plugin_raises() -> None:
    with pytest.raises(UnknownPlugin):
        registry.plugin("e_gaz")


@pytest.mark.parametrize("held", [None, "text", {"a": 1}, 5])
def test_a_file_must_hold_a_list(monkeypatch: pytest.MonkeyPatch, held: Any) -> None:
    module = types.SimpleNamespace(permissions=held)
    monkeypatch.setattr(registry_module, "submodule", lambda owner, name: module)
    with pytest.raises(ContributionError, match="must hold a list named “permissions”"):
        list(registry_module._declared(registry.plugins[0], "permissions", Permission))


def test_a_list_must_hold_the_right_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.SimpleNamespace(permissions=["e_dokument.handle"])
    monkeypatch.setattr(registry_module, "submodule", lambda owner, name: module)
    with pytest.raises(ContributionError, match="is not a Permission"):
        list(registry_module._declared(registry.plugins[0], "permissions", Permission))


def test_rooms_come_before_plugins() -> None:
    keys = [owner.key for owner in registry.owners]
    assert keys.index("plugins") < keys.index("page_types") < keys.index("client_zone")
