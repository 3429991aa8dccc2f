"""The system checks of the contract say what is wrong with a declaration."""

from __future__ import annotations

import types
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import include, path

from ebok.plugins import checks
from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import KINDS_OF_CONTRIBUTION, ContributionError, registry
from ebok.ports import Erasure, EventKind, NavItem, Permission, StatusCheck, StatusLight, StatusReport, Zone


def plugin(**attributes: Any) -> PluginConfig:
    """A plugin with these attributes, built on a module that has no files."""
    module = types.ModuleType("tests.ebok.plugins")
    module.__file__ = __file__
    kind = type(
        "Made", (PluginConfig,), {"key": "made", "title": "Made", "path": ".", "label": "made", **attributes}
    )
    return kind("tests.ebok.plugins", module)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make these plugins the only ones, with these contributions."""

    def install(*plugins: PluginConfig, **contributions: list[Any]) -> None:
        monkeypatch.setitem(registry.__dict__, "plugins", plugins)
        monkeypatch.setitem(registry.__dict__, "zones", {p.zone.key: (p.zone, p) for p in plugins if p.zone})
        monkeypatch.setitem(
            registry.__dict__,
            "_contributions",
            {name: contributions.get(name, []) for name in KINDS_OF_CONTRIBUTION},
        )

    yield install
    registry.forget()


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_the_house_itself_passes() -> None:
    assert checks.check_declarations() == []
    assert checks.check_contributions() == []


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"key": "Not a slug"}, "ebok.E001"),
        ({"kind": "gadget"}, "ebok.E002"),
        ({"kind": "zone"}, "ebok.E003"),
        ({"requires": ("made",)}, "ebok.E004"),
        ({"requires": ("absent",)}, "ebok.W004"),
        ({"settings_model": "nowhere.Nothing"}, "ebok.E005"),
        ({"mounts": {"basement": "x/"}}, "ebok.E006"),
        ({"mounts": {"public": "/x"}}, "ebok.E007"),
        ({"mounts": {"public": "x/"}}, "ebok.E008"),
    ],
)
def test_a_wrong_declaration_is_named(only: Any, attributes: dict[str, Any], expected: str) -> None:
    only(plugin(**attributes))
    assert expected in ids(checks.check_declarations())


def test_requirements_cannot_go_in_circles(only: Any) -> None:
    only(plugin(key="hen", requires=("egg",)), plugin(key="egg", requires=("hen",)))
    assert ids(checks.check_declarations()) == ["ebok.E009", "ebok.E009"]


def test_two_plugins_cannot_share_a_path(only: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "has_submodule", lambda owner, name: name == "urls.public")
    only(plugin(key="hen", mounts={"public": "x/"}), plugin(key="egg", mounts={"public": "x/"}))
    assert ids(checks.check_declarations()) == ["ebok.E015"]


def answer(_request: Any) -> HttpResponse:
    """A view."""
    return HttpResponse()


@pytest.mark.parametrize(
    ("outer", "inner", "taken"),
    [
        ("x/", "", "'x/'"),
        ("<slug:name>/", "", "'x/'"),
        ("<path:rest>", "", "'x/'"),
        ("x/archive/", "<slug:name>/", "'x/archive/'"),
        ("<slug:name>/<int:number>/", "<int:pk>/", "'x/1/'"),
        ("<int:number>/", "", ""),
        ("y/", "<slug:name>/", ""),
        ("", "", ""),
    ],
)
def test_a_front_plugin_cannot_hide_a_mount(
    only: Any, monkeypatch: pytest.MonkeyPatch, outer: str, inner: str, taken: str
) -> None:
    """A zone's own plugin is mounted at "", above everybody else in the zone."""
    urls = {
        "hen": types.SimpleNamespace(urlpatterns=[path(outer, answer)]),
        "egg": types.SimpleNamespace(urlpatterns=[path("", include([path(inner, answer)]))]),
    }
    monkeypatch.setattr(checks, "has_submodule", lambda owner, name: name == "urls.client")
    monkeypatch.setattr(checks, "submodule", lambda owner, name: urls[owner.key])
    only(plugin(key="hen", mounts={"client": ""}), plugin(key="egg", mounts={"client": "x/"}))
    found = checks.check_declarations()
    assert ids(found) == (["ebok.E015"] if taken else [])
    assert [message.msg for message in found] == (
        [f"“hen” and “egg” both answer at {taken} in client."] if taken else []
    )


def test_a_plugin_cannot_take_a_path_of_the_core(only: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "has_submodule", lambda owner, name: name == "urls.public")
    only(plugin(mounts={"public": "admin/"}))
    assert ids(checks.check_declarations()) == ["ebok.E016"]


def test_names_are_unique_and_begin_with_the_key(only: Any) -> None:
    made = plugin()
    twice = Permission(name="made.read", title="Read")
    foreign = Permission(name="other.read", title="Read")
    only(made, permissions=[(made, twice), (made, twice), (made, foreign)])
    assert ids(checks.check_contributions()) == ["ebok.E011", "ebok.E012"]


def test_an_event_without_an_erasure_rule_is_an_error(only: Any) -> None:
    made = plugin()
    undecided = EventKind(key="made.seen", title="Seen", erasure="some day")  # type: ignore[arg-type]
    decided = EventKind(key="made.sent", title="Sent", erasure=Erasure.KEEP)
    only(made, events=[(made, undecided), (made, decided)])
    assert ids(checks.check_contributions()) == ["ebok.E013"]


def test_navigation_cannot_ask_for_an_unknown_permission(only: Any) -> None:
    made = plugin()
    item = NavItem(zone="client", view="list", title="List", permission="made.unknown")
    only(made, navigation=[(made, item)])
    assert ids(checks.check_contributions()) == ["ebok.E014"]


def test_a_file_that_holds_something_else_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Any:
        raise ContributionError("made/tasks.py must hold a list named “tasks”.")

    monkeypatch.setattr(registry, "contributions", broken)
    assert ids(checks.check_contributions()) == ["ebok.E010"]


def test_zone_and_status_declarations_can_be_built() -> None:
    zone = Zone(
        key="client", path="moje-konto/", title="x", base_template="x.html", may_enter=lambda request: True
    )
    report = StatusReport(light=StatusLight.OK, sentence="Fine.")
    check = StatusCheck(key="made.fine", title="Fine", run=lambda site: report)
    assert (zone.key, check.run(None).light) == ("client", "ok")
