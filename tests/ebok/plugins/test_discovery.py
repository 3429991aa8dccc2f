"""Finding plugins: what is loaded, what is left out, and what stops the start."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

import ebok
from ebok.plugins import discovery
from ebok.plugins.contract import PluginConfig


class Good(PluginConfig):
    name = "good"
    key = "good"
    title = "Good"
    version = "1.2"
    core = ">=0.1,<1"


class ForAnotherCore(Good):
    key = "old"
    core = ">=7,<8"


class Unreadable(Good):
    key = "odd"
    core = "about seven"


class NotAPlugin:
    pass


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=discovery.GROUP)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def install(*entries: EntryPoint) -> None:
        monkeypatch.setattr(discovery, "entry_points", lambda group: list(entries))

    return install


HERE = __name__


@pytest.mark.feature("M11")
def test_a_plugin_is_found_by_its_entry_point(installed: Any) -> None:
    installed(entry("good", f"{HERE}:Good"))
    assert discovery.discover() == discovery.Discovery(apps=(f"{HERE}.Good",), skipped=())


def test_a_plugin_for_another_core_is_left_out_with_the_reason(installed: Any) -> None:
    installed(entry("old", f"{HERE}:ForAnotherCore"), entry("good", f"{HERE}:Good"))
    found = discovery.discover()
    assert found.apps == (f"{HERE}.Good",)
    assert found.skipped == (
        discovery.SkippedPlugin(
            "old", "Good", "1.2", f"It was made for core >=7,<8; this is {ebok.__version__}."
        ),
    )


def test_an_unreadable_core_range_leaves_the_plugin_out(installed: Any) -> None:
    installed(entry("odd", f"{HERE}:Unreadable"))
    assert (
        discovery.discover().skipped[0].reason
        == "Its list of accepted core versions, “about seven”, cannot be read."
    )


def test_an_import_error_names_the_plugin(installed: Any) -> None:
    installed(entry("gone", "no_such_package.apps:Gone"))
    with pytest.raises(ImproperlyConfigured, match="“gone”.*cannot be imported: ModuleNotFoundError"):
        discovery.discover()


def test_something_else_than_a_plugin_is_refused(installed: Any) -> None:
    installed(entry("thing", f"{HERE}:NotAPlugin"))
    with pytest.raises(ImproperlyConfigured, match="“thing”.*is not a PluginConfig"):
        discovery.discover()


def test_key_and_entry_point_must_agree(installed: Any) -> None:
    installed(entry("better", f"{HERE}:Good"))
    with pytest.raises(ImproperlyConfigured, match="calls itself “good”"):
        discovery.discover()


def test_two_distributions_cannot_share_a_key(installed: Any) -> None:
    installed(entry("good", f"{HERE}:Good"), entry("good", "elsewhere:Good"))
    with pytest.raises(ImproperlyConfigured, match="Two distributions offer the plugin “good”"):
        discovery.discover()


def test_only_narrows_what_is_loaded(installed: Any) -> None:
    installed(entry("good", f"{HERE}:Good"), entry("gone", "no_such_package.apps:Gone"))
    assert discovery.discover(only=["good"]).apps == (f"{HERE}.Good",)


def test_only_must_name_what_is_installed(installed: Any) -> None:
    installed(entry("good", f"{HERE}:Good"))
    with pytest.raises(ImproperlyConfigured, match="not installed: e_gaz"):
        discovery.discover(only=["good", "e_gaz"])
