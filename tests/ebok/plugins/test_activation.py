"""Switching plugins on and off for a site."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest
from wagtail.models import Site

from ebok.plugins import activation
from ebok.plugins.contract import PluginConfig
from ebok.plugins.models import PluginActivation
from ebok.plugins.permissions import UnknownPermission, allowed
from ebok.plugins.registry import UnknownPlugin, registry
from ebok.plugins.signals import module_switched

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_site(utility: Site) -> Site:
    return Site.objects.create(hostname="odpady.lipowo.example", root_page=utility.root_page)


@pytest.fixture(autouse=True)
def all_off(db: None) -> None:
    PluginActivation.objects.all().delete()


def test_without_a_row_a_plugin_is_off(utility: Site) -> None:
    assert activation.enabled_keys(utility) == frozenset()
    assert activation.enabled_keys(None) == frozenset()


@pytest.mark.feature("M11")
def test_a_switch_belongs_to_one_site(utility: Site, other_site: Site) -> None:
    assert activation.enable(utility, "e_dokument") is True
    assert activation.enabled_keys(utility) == {"e_dokument"}
    assert activation.enabled_keys(other_site) == frozenset()
    assert activation.is_enabled(utility, "e_dokument")
    assert activation.enabled_anywhere("e_dokument", HttpRequest())


def test_switching_twice_changes_nothing(utility: Site) -> None:
    activation.enable(utility, "e_dokument")
    assert activation.enable(utility, "e_dokument") is False
    assert activation.disable(utility, "e_dokument") is True
    assert activation.disable(utility, "e_dokument") is False
    assert not activation.enabled_anywhere("e_dokument", HttpRequest())


def test_one_query_answers_every_module_of_a_page(utility: Site, assert_queries: Any) -> None:
    activation.enable(utility, "e_dokument")
    request = HttpRequest()
    with assert_queries(1):
        assert activation.enabled_anywhere("e_dokument", request)
        assert not activation.enabled_anywhere("e_faktura", request)


def test_rooms_above_are_told_in_the_same_transaction(utility: Site) -> None:
    heard: list[tuple[str, bool, bool]] = []

    def listen(**said: Any) -> None:
        heard.append((said["plugin"].key, said["enabled"], transaction.get_connection().in_atomic_block))

    module_switched.connect(listen)
    try:
        activation.enable(utility, "e_dokument")
        activation.disable(utility, "e_dokument")
    finally:
        module_switched.disconnect(listen)
    assert heard == [("e_dokument", True, True), ("e_dokument", False, True)]


def test_a_listener_that_fails_leaves_the_switch_where_it_was(utility: Site) -> None:
    def refuse(**said: Any) -> None:
        raise RuntimeError("the journal is full")

    module_switched.connect(refuse)
    try:
        with pytest.raises(RuntimeError, match="journal"):
            activation.enable(utility, "e_dokument")
    finally:
        module_switched.disconnect(refuse)
    assert activation.enabled_keys(utility) == frozenset()


def test_an_unknown_plugin_cannot_be_switched(utility: Site) -> None:
    with pytest.raises(UnknownPlugin):
        activation.enable(utility, "e_gaz")


def test_a_plugin_that_left_is_off_whatever_the_table_says(utility: Site) -> None:
    PluginActivation.objects.create(site=utility, plugin="e_gaz", enabled=True)
    assert activation.enabled_keys(utility) == frozenset()


class TestRequirements:
    @pytest.fixture(autouse=True)
    def requirement(self, monkeypatch: pytest.MonkeyPatch) -> PluginConfig:
        plugin = registry.plugin("e_dokument")
        monkeypatch.setattr(type(plugin), "requires", ("client_zone",))
        return plugin

    def test_what_is_required_must_be_on_first(self, utility: Site) -> None:
        with pytest.raises(activation.SwitchRefused) as refusal:
            activation.enable(utility, "e_dokument")
        assert [blocker.mend_url for blocker in refusal.value.blockers] == ["/admin/moduly/#client_zone"]
        assert activation.enabled_keys(utility) == frozenset()

    def test_what_is_required_cannot_go_off(self, utility: Site) -> None:
        activation.enable(utility, "client_zone")
        activation.enable(utility, "e_dokument")
        with pytest.raises(activation.SwitchRefused) as refusal:
            activation.disable(utility, "client_zone")
        assert [blocker.mend_url for blocker in refusal.value.blockers] == ["/admin/moduly/#e_dokument"]
        assert activation.enabled_keys(utility) == {"client_zone", "e_dokument"}

    def test_what_is_required_must_be_installed(
        self, utility: Site, requirement: PluginConfig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(requirement), "requires", ("e_gaz",))
        with pytest.raises(activation.SwitchRefused, match="e_gaz"):
            activation.enable(utility, "e_dokument")


def test_asking_for_an_undeclared_permission_raises(django_user_model: Any) -> None:
    user = django_user_model.objects.create_user(email="ewa@lipowo.example", password="x" * 12)
    with pytest.raises(UnknownPermission):
        allowed(user, "e_gaz.handle")
    assert allowed(user, "employee_zone.enter") is False
    user.is_superuser = True
    assert allowed(user, "employee_zone.enter") is True
    user.is_active = False
    assert allowed(user, "employee_zone.enter") is False
