"""The contract every plugin is held to. Subclass `PluginContract` and set `plugin_key`.

Each part stands alone, so that the project runs them for all installed plugins (tests/contracts/).
The fixtures come from `ebok.testing.fixtures`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core import checks
from django.db import models
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone, translation
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.access import accesses_of, give_access, revoke_access
from ebok.customers.models import EVERYTHING
from ebok.journal.models import Event
from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry
from ebok.ports import DashboardCard, Erasure
from ebok.testing.people import entry_permissions, grant, person
from ebok.testing.queries import exactly_queries
from ebok.testing.samples import SampleWorld, configure, owners_for, populate, sample_path
from ebok.testing.sweep import ask, content_of, frame_kept
from ebok.testing.switching import switch_off, switch_on
from ebok.testing.urls import METHODS, NamedUrl, urls_of, webhook_urls
from ebok.zones.acting import VIEWED_AS, acting_of

Enter = Callable[[User | None], Client]

LANGUAGES = ("pl", "en")
ITEMS = (1, 30)
"""Numbers of things with which a page or card must take the same number of queries."""


class Contract:
    """What all parts share: which plugin, and how it is switched on."""

    plugin_key: ClassVar[str] = ""

    @pytest.fixture
    def plugin(self) -> PluginConfig:
        """The plugin under contract."""
        return registry.plugin(self.plugin_key)

    @pytest.fixture
    def running(self, plugin: PluginConfig, world: SampleWorld) -> SampleWorld:
        """The world with the plugin switched on and one thing of each kind."""
        configure(world, registry.plugins)
        switch_on(world.site, plugin.key)
        populate(world, 1, owners_for(plugin))
        return world


class GateContract(Contract):
    """Switched off, a plugin looks as if it had never been there; its webhooks still answer."""

    def test_every_address_and_method_is_404_when_off(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """In both languages, for a superuser, so that no permission check can be the reason."""
        client = as_user(person("super@example.org", is_superuser=True))
        switch_off(running.site, plugin.key)
        with frame_kept():
            answers = {
                f"{method} {language}: {url.name}": ask(client, method, path).status
                for language in LANGUAGES
                for url, path in _paths(plugin, running, language)
                for method in METHODS
            }
        assert {asked: status for asked, status in answers.items() if status != 404} == {}

    def test_webhooks_answer_the_same_when_off(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """Money in flight must land."""
        client = as_user(None)
        paths = [sample_path(url, running) for url in webhook_urls(plugin.key)]
        on = [ask(client, "POST", path).status for path in paths]
        switch_off(running.site, plugin.key)
        assert [ask(client, "POST", path).status for path in paths] == on
        assert [status for status in on if status >= 500] == []


@pytest.mark.usefixtures("kept_frame")
class AccessContract(Contract):
    """Who may not come in learns nothing."""

    @pytest.fixture
    def kept_frame(self, running: SampleWorld) -> Iterator[None]:
        """These tests do nothing but ask for pages."""
        with frame_kept():
            yield

    def test_anonymous_visitors_of_a_zone_are_sent_to_sign_in(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """And come back afterwards."""
        client = as_user(None)
        for url, path in _zone_paths(plugin, running):
            response = client.get(path)
            assert (url.name, response.status_code) == (url.name, 302)
            assert "next=" in response["Location"], url.name

    def test_the_wrong_role_sees_404(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """A client in the employee's or field worker's zone, with every method."""
        client = as_user(running.other)
        for url, path in _zone_paths(plugin, running):
            if entry_permissions(url.zone):
                answers = {method: ask(client, method, path).status for method in METHODS}
                assert (url.name, answers) == (url.name, dict.fromkeys(METHODS, 404))

    def test_a_missing_permission_is_404_and_having_it_is_not(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """For every page whose view states a permission; a personal one stays 404 for strangers."""
        for url, path in _zone_paths(plugin, running):
            if not url.permission:
                continue
            email = f"{url.name.replace(':', '-')}@example.org"
            visitor = person(email, permissions=entry_permissions(url.zone))
            assert (url.name, ask(as_user(visitor), "GET", path).status) == (url.name, 404)
            allowed = grant(visitor, [url.permission])
            status = ask(as_user(allowed), "GET", path).status
            if url.is_personal:
                assert (url.name, status) == (url.name, 404)
            else:
                assert status not in (302, 403, 404, 500), url.name

    def test_another_customer_sees_nothing_of_the_owners(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """An address of one thing is 404 for the other customer and answers the owner."""
        owner, other = as_user(running.owner), as_user(running.other)
        for url, path in _zone_paths(plugin, running):
            if url.zone != "client":
                continue
            refused = other.get(path)
            assert running.secret.encode() not in content_of(refused), url.name
            if url.parameters and url.name not in running.shared:
                assert (url.name, refused.status_code) == (url.name, 404)
                assert ask(owner, "GET", path).status != 404, url.name

    def test_delegates_see_only_what_they_were_given(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """A page of the client zone that asks for scopes is 404 without them, after the end, and revoked.

        The delegate has every scope but those the page asks for; the other two had them all.
        """
        pages = [(url, path) for url, path in _zone_paths(plugin, running) if url.scopes]
        for number, (url, path) in enumerate(pages):
            client = as_user(_delegate(running, f"bez-{number}", EVERYTHING - url.scopes))
            answers = {method: ask(client, method, path).status for method in METHODS}
            assert (url.name, answers) == (url.name, dict.fromkeys(METHODS, 404))
        if not pages:
            return
        expired = _delegate(running, "po-terminie", EVERYTHING, until=timezone.now() - timedelta(minutes=1))
        revoked = _delegate(running, "odwolany", EVERYTHING)
        revoke_access(accesses_of(revoked).get())
        for visitor in (expired, revoked):
            client = as_user(visitor)
            for url, path in pages:
                answer = client.get(path)
                assert running.secret.encode() not in content_of(answer), (visitor, url.name)
                if url.parameters:
                    assert (url.name, answer.status_code) == (url.name, 404)

    def test_an_employee_who_looks_as_the_client_changes_nothing(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """Reads everything, sends nothing: a page that takes POST of a client leads back to the front."""
        employee = person("podglad@example.org", permissions=["customers.view_as"])
        client = as_user(employee)
        session = client.session
        session[VIEWED_AS] = running.customer.pk
        session.save()
        for url, path in _zone_paths(plugin, running):
            if url.scopes:
                before = Event.objects.count()
                assert (url.name, client.post(path).status_code) == (url.name, 302)
                assert Event.objects.count() == before, url.name


class DeclarationContract(Contract):
    """What a plugin declares is true."""

    def test_navigation_leads_somewhere(self, plugin: PluginConfig) -> None:
        """Every entry reverses in both languages."""
        for item in _declared("navigation", plugin):
            for language in LANGUAGES:
                with translation.override(language):
                    assert reverse(f"{item.zone}:{plugin.key}:{item.view}")

    def test_pages_of_records_lead_somewhere(self, plugin: PluginConfig) -> None:
        """Each reverses in both languages and names a model there is."""
        for page in _declared("record_pages", plugin):
            assert apps.get_model(page.model)
            for language in LANGUAGES:
                with translation.override(language):
                    assert reverse(f"{page.zone}:{plugin.key}:{page.view}", kwargs={"pk": 1})

    @pytest.mark.parametrize("count", ITEMS)
    def test_cards_take_the_stated_queries(
        self, count: int, plugin: PluginConfig, world: SampleWorld, rf: RequestFactory
    ) -> None:
        """With 1 and with 30 things; drawn too, since templates can ask the database."""
        cards = _declared("cards", plugin)
        if not cards:
            return  # Thirty things of every kind take seconds to make.
        configure(world, registry.plugins)
        switch_on(world.site, plugin.key)
        populate(world, count, owners_for(plugin))
        for card in cards:
            # Content types are kept in memory once they were asked for.
            card.context(_request(rf, world, card))
            request = _request(rf, world, card)
            with exactly_queries(card.queries):
                context = card.context(request)
                if context is not None:
                    get_template(card.template).render({**context, "request": request})

    @pytest.mark.parametrize("count", ITEMS)
    def test_customer_sections_take_the_stated_queries(
        self, count: int, plugin: PluginConfig, world: SampleWorld, rf: RequestFactory
    ) -> None:
        """With 1 and with 30 things, drawn."""
        sections = _declared("customer_sections", plugin)
        if not sections:
            return
        configure(world, registry.plugins)
        switch_on(world.site, plugin.key)
        populate(world, count, owners_for(plugin))
        request = rf.get("/")
        request.user = world.owner
        for section in sections:
            with exactly_queries(section.queries):
                context = section.context(request, world.customer)
                if context is not None:
                    get_template(section.template).render({**context, "request": request})

    def test_addresses_lead_to_the_plugins_own_views(
        self, plugin: PluginConfig, running: SampleWorld
    ) -> None:
        """Another plugin's address that comes first would answer instead, and pass the gate as that one."""
        for language in LANGUAGES:
            for url, path in _paths(plugin, running, language):
                with translation.override(language):
                    assert (path, resolve(path).view_name) == (path, url.name)

    def test_events_say_how_they_are_erased(self, plugin: PluginConfig) -> None:
        """Names begin with the plugin's key, and somebody decided about erasure."""
        for event in _declared("events", plugin):
            assert event.key.startswith(f"{plugin.key}."), event.key
            assert isinstance(event.erasure, Erasure), event.key

    def test_permissions_that_views_state_are_declared(self, plugin: PluginConfig) -> None:
        """A typing error in `permission_required` would close a page for everyone."""
        declared = {permission.name for _owner, permission in registry.contributions("permissions")}
        stated = {url.permission for url in urls_of(plugin.key) if url.permission}
        assert stated - declared == set()

    @pytest.mark.parametrize("folder", ["templates", "static"])
    def test_files_are_namespaced(self, folder: str, plugin: PluginConfig) -> None:
        """`templates/<label>/…`, `static/<label>/…`: two plugins never overwrite each other."""
        root = Path(plugin.path) / folder
        strange = [
            str(file.relative_to(root))
            for file in root.rglob("*")
            if file.is_file() and file.relative_to(root).parts[0] != plugin.label
        ]
        assert strange == []

    def test_system_checks_find_nothing(self, plugin: PluginConfig) -> None:
        """Neither the portal's nor Django's."""
        found = checks.run_checks(app_configs=[plugin])
        assert [str(message) for message in found if plugin.name in str(message)] == []

    def test_it_says_what_it_is(self, plugin: PluginConfig) -> None:
        """Title, description and version are for the administrator's list."""
        assert str(plugin.title)
        assert str(plugin.description)
        assert re.fullmatch(r"\d+\.\d+(\.\d+)?\S*", plugin.version)
        assert plugin.core


class FindingContract(Contract):
    """What the plugin adds to the site search and to sitemap.xml."""

    @pytest.mark.parametrize("count", ITEMS)
    def test_search_sources_ask_once_and_tell_no_secrets(
        self, count: int, plugin: PluginConfig, world: SampleWorld
    ) -> None:
        """One query with 1 and with 30 items, and nothing that belongs to one person."""
        sources = _declared("search_sources", plugin)
        if not sources:
            return
        configure(world, registry.plugins)
        switch_on(world.site, plugin.key)
        populate(world, count, owners_for(plugin))
        for source in sources:
            with exactly_queries(1):
                hits = source.find(world.site, world.secret, 6)
            assert [hit for hit in hits if world.secret in f"{hit.title}{hit.lead}"] == []
            if source.more_view:
                assert reverse(f"public:{plugin.key}:{source.more_view}")

    def test_pages_for_the_sitemap_answer_while_it_is_on(
        self, plugin: PluginConfig, running: SampleWorld, as_user: Enter
    ) -> None:
        """Everybody may read them; one query for each source."""
        for source in _declared("sitemap_sources", plugin):
            with exactly_queries(1):
                entries = list(source.entries(running.site))
            assert entries
            for entry in entries:
                path = reverse(f"public:{plugin.key}:{entry.view}", kwargs=dict(entry.arguments))
                assert (path, ask(as_user(None), "GET", path).status) == (path, 200)


class RoundTripContract(Contract):
    """Enable, use, disable, enable: nothing is lost."""

    def test_nothing_is_lost(self, plugin: PluginConfig, running: SampleWorld, as_user: Enter) -> None:
        """Every row is as it was, and every page answers as before."""
        client = as_user(person("super@example.org", is_superuser=True))
        paths = [path for _url, path in _paths(plugin, running, "pl")]
        answers = [ask(client, "GET", path).status for path in paths]
        before = _rows(plugin)
        switch_off(running.site, plugin.key)
        assert _rows(plugin) == before
        switch_on(running.site, plugin.key)
        assert _rows(plugin) == before
        assert [ask(client, "GET", path).status for path in paths] == answers
        assert [status for status in answers if status >= 500] == []


class DocumentationContract(Contract):
    """The plugin's README names what an administrator meets."""

    def test_readme_names_everything(self, plugin: PluginConfig) -> None:
        """Every setting, event, permission, periodic task and management command."""
        readme = (Path(plugin.path) / "README.md").read_text(encoding="utf-8")
        expected = {
            *_setting_names(plugin),
            *(event.key for event in _declared("events", plugin)),
            *(permission.name for permission in _declared("permissions", plugin)),
            *(task.key for task in _declared("tasks", plugin)),
            *_command_names(plugin),
        }
        assert sorted(name for name in expected if f"`{name}`" not in readme) == []


class PluginContract(
    GateContract,
    AccessContract,
    DeclarationContract,
    FindingContract,
    RoundTripContract,
    DocumentationContract,
):
    """All parts together, for a plugin author's own test suite."""


# What the parts ask of a plugin ----------------------------------------------------------


def _paths(plugin: PluginConfig, world: SampleWorld, language: str) -> list[tuple[NamedUrl, str]]:
    with translation.override(language):
        return [(url, sample_path(url, world)) for url in urls_of(plugin.key)]


def _zone_paths(plugin: PluginConfig, world: SampleWorld) -> list[tuple[NamedUrl, str]]:
    return [(url, path) for url, path in _paths(plugin, world, "pl") if url.zone in registry.zones]


def _delegate(
    world: SampleWorld, name: str, scopes: frozenset[str], *, until: datetime | None = None
) -> User:
    visitor = person(f"{name}@example.org")
    give_access(world.customer, visitor, role="tenant", scopes=scopes, valid_until=until)
    return visitor


def _declared(kind: str, plugin: PluginConfig) -> list[Any]:
    return [item for owner, item in registry.contributions(kind) if owner is plugin]


def _request(rf: RequestFactory, world: SampleWorld, card: DashboardCard) -> Any:
    request = rf.get("/")
    wanted = [*entry_permissions(card.zone), *([card.permission] if card.permission else [])]
    request.user = world.owner = grant(world.owner, wanted)
    # What the frame around the cards has asked already: site with its look, enabled plugins, the person's
    # rights, whom the person acts for.
    request.session = SessionStore()
    Site.find_for_request(request)
    ThemeSettings.for_request(request)
    OrganisationSettings.for_request(request)
    request.ebok_enabled = frozenset(plugin.key for plugin in registry.plugins)  # type: ignore[attr-defined]
    request.user.get_all_permissions()
    acting_of(request)
    return request


def _rows(plugin: PluginConfig) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for model in apps.get_app_config(plugin.label).get_models():
        manager: models.Manager[Any] = model._default_manager
        found[model._meta.label] = list(manager.order_by("pk").values())
    return found


def _setting_names(plugin: PluginConfig) -> list[str]:
    if not plugin.settings_model:
        return []
    fields = apps.get_model(plugin.settings_model)._meta.concrete_fields
    return [field.name for field in fields if field.name not in ("id", "site")]


def _command_names(plugin: PluginConfig) -> list[str]:
    folder = Path(plugin.path) / "management" / "commands"
    return [file.stem for file in folder.glob("*.py") if not file.stem.startswith("_")]
