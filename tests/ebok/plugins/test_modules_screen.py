"""The "Moduły" screen and the command that does the same."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Site

from ebok.plugins.activation import enabled_keys
from ebok.plugins.models import PluginActivation
from ebok.plugins.registry import registry

pytestmark = pytest.mark.django_db

URL = "/admin/moduly/"


@pytest.fixture
def staff(client: Client, django_user_model: Any) -> Any:
    def sign_in(*permissions: str) -> Any:
        user = django_user_model.objects.create_user(
            email=f"{len(permissions)}@lipowo.example", password="x" * 12
        )
        group = Group.objects.create(name=f"With {permissions}")
        group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *permissions]))
        user.groups.add(group)
        client.force_login(user)
        return user

    return sign_in


def test_administrators_may_switch_from_the_beginning(db: None) -> None:
    administrators = Group.objects.get(name="Administrators")
    assert administrators.permissions.filter(codename="plugins.switch").exists()


@pytest.mark.feature("M11")
def test_every_module_is_listed_with_its_state(client: Client, staff: Any, utility: Site) -> None:
    staff("plugins.switch")
    page = client.get(URL).content.decode()
    for plugin in registry.plugins:
        assert f'id="{plugin.key}"' in page
        assert (plugin.documentation or f"/admin/moduly/{plugin.key}/") in page


@pytest.mark.feature("M11")
def test_a_switch_moves_and_says_who_moved_it(client: Client, staff: Any, utility: Site) -> None:
    user = staff("plugins.switch")
    answer = client.post(URL, {"site": utility.pk, "plugin": "e_dokument", "to": "on"})
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#e_dokument")
    assert enabled_keys(utility) == {"e_dokument"}
    assert PluginActivation.objects.get().changed_by == user
    client.post(URL, {"site": utility.pk, "plugin": "e_dokument", "to": "off"})
    assert enabled_keys(utility) == frozenset()


def test_a_blocker_is_a_link_and_stops_the_switch(
    client: Client, staff: Any, utility: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(registry.plugin("e_dokument")), "requires", ("client_zone",))
    staff("plugins.switch")
    assert '<a href="/admin/moduly/#client_zone">' in client.get(URL).content.decode()
    client.post(URL, {"site": utility.pk, "plugin": "e_dokument", "to": "on"})
    assert enabled_keys(utility) == frozenset()


def test_without_the_permission_nothing_is_shown_or_moved(client: Client, staff: Any, utility: Site) -> None:
    staff()
    assert client.get(URL).status_code == 302
    client.post(URL, {"site": utility.pk, "plugin": "e_dokument", "to": "on"})
    assert enabled_keys(utility) == frozenset()
    assert "/admin/moduly/" not in client.get("/admin/", follow=True).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"site": "x", "plugin": "e_dokument", "to": "on"},
        {"site": "99999999999999999999", "plugin": "e_dokument", "to": "on"},
        {"site": "1", "plugin": "e_gaz", "to": "on"},
        {"site": "1", "plugin": "e_dokument", "to": "sideways"},
        {"site": "987654", "plugin": "e_dokument", "to": "on"},
    ],
)
def test_odd_input_is_not_found(client: Client, staff: Any, utility: Site, sent: dict[str, str]) -> None:
    staff("plugins.switch")
    if sent.get("site") == "1":
        sent = {**sent, "site": str(utility.pk)}
    assert client.post(URL, sent).status_code == 404


def test_the_number_of_queries_does_not_grow_with_modules(
    client: Client, staff: Any, utility: Site, django_assert_max_num_queries: Any
) -> None:
    staff("plugins.switch")
    client.get(URL)
    with django_assert_max_num_queries(40):
        client.get(URL)


def test_the_documentation_of_a_module_is_its_readme(client: Client, staff: Any, utility: Site) -> None:
    staff("plugins.switch")
    page = client.get(f"{URL}client_zone/").content.decode()
    assert "<h1>Client zone (<code>client_zone</code>)</h1>" in page
    assert client.get(f"{URL}e_gaz/").status_code == 404


class TestCommand:
    def run(self, *args: str) -> str:
        out = StringIO()
        call_command("ebok_plugins", *args, stdout=out, no_color=True)
        return out.getvalue()

    def test_list(self, utility: Site) -> None:
        lines = self.run("list").splitlines()
        assert [line.split()[0] for line in lines] == [plugin.key for plugin in registry.plugins]
        assert lines[0].split()[-1] == "off"

    def test_enable_and_disable(self, utility: Site) -> None:
        assert self.run("enable", "e_dokument") == f"e_dokument is on for {utility.hostname}.\n"
        assert self.run("enable", "e_dokument").endswith("(it already was).\n")
        assert enabled_keys(utility) == {"e_dokument"}
        self.run("disable", "e_dokument", "--site", utility.hostname)
        assert enabled_keys(utility) == frozenset()

    def test_everywhere(self, utility: Site) -> None:
        Site.objects.create(hostname="odpady.lipowo.example", root_page=utility.root_page)
        self.run("enable", "e_dokument", "--all-sites")
        assert [enabled_keys(site) for site in Site.objects.all()] == [{"e_dokument"}] * 2

    def test_a_wrong_name_lists_the_right_ones(self, utility: Site) -> None:
        with pytest.raises(CommandError, match="No plugin “e_gaz”. Installed: client_zone, e_dokument"):
            self.run("enable", "e_gaz")
        with pytest.raises(CommandError, match="No site “nowhere.example”"):
            self.run("enable", "e_dokument", "--site", "nowhere.example")

    def test_a_refusal_is_a_sentence(self, utility: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(registry.plugin("e_dokument")), "requires", ("client_zone",))
        with pytest.raises(CommandError, match=utility.hostname):
            self.run("enable", "e_dokument")

    def test_removal_report_counts_what_stays(self, utility: Site) -> None:
        self.run("enable", "e_dokument")
        report = self.run("removal-report", "e_dokument")
        assert f"it is on for {utility}: switch it off first" in report
        assert (
            self.run("removal-report", "mobile_zone")
            == "Removing mobile_zone would leave behind:\n  nothing.\n"
        )
