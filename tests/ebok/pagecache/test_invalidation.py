"""What puts public pages out of date, when, and how hard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import models, transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import DraftStateMixin, Page, PageViewRestriction, Site
from wagtail.signals import published, unpublished
from wagtail.snippets.models import get_snippet_models

from ebok.look.models import OrganisationSettings
from ebok.pagecache import invalidation
from ebok.pagecache.generation import current
from ebok.plugins.activation import disable, enable
from ebok.plugins.registry import registry
from page_types.models import StandardPage

pytestmark = pytest.mark.django_db

Change = Callable[[], object]


@pytest.fixture
def effect(django_capture_on_commit_callbacks: Any) -> Callable[[Change], str]:
    """What a change does when it commits: "none", "soft" or "hard", with a mark when it did so before."""

    def measure(change: Change) -> str:
        generation = current()
        before = generation.sequence
        with django_capture_on_commit_callbacks(execute=True):
            change()
            assert generation.sequence == before, "raised before the commit"
        raised = generation.sequence - before
        if raised == 0:
            return "none"
        kind = "hard" if generation.barred > before else "soft"
        return kind if raised == 1 else f"{kind}, {raised} times"

    return measure


@pytest.fixture
def site() -> Site:
    found = Site.objects.filter(is_default_site=True).first()
    return found or Site.objects.create(
        hostname="localhost", root_page=Page.objects.get(depth=1), is_default_site=True
    )


@pytest.fixture
def page(site: Site) -> StandardPage:
    return site.root_page.add_child(instance=StandardPage(title="Woda", slug="woda-test", live=False))


@pytest.fixture(autouse=True)
def nothing_watched() -> Iterator[None]:
    before = set(invalidation._watched)
    yield
    invalidation._watched.clear()
    invalidation._watched.update(before)


def test_publishing_is_soft_and_withdrawing_is_hard(effect: Any, page: StandardPage) -> None:
    assert effect(page.save_revision) == "none"
    assert effect(lambda: page.save_revision().publish()) == "soft"
    page.refresh_from_db()
    page.title = "Draft"
    assert effect(page.save_revision) == "none"
    assert effect(page.unpublish) == "hard"


def test_a_page_that_moves_or_goes_is_barred_where_it_was(
    effect: Any, page: StandardPage, site: Site
) -> None:
    other = site.root_page.add_child(instance=StandardPage(title="Inna", slug="inna-test"))
    page.refresh_from_db()
    assert effect(lambda: page.move(other, pos="last-child")) == "hard"
    assert effect(lambda: Page.objects.get(pk=page.pk).delete()) == "hard"


def test_a_new_restriction_bars_what_was_public(effect: Any, page: StandardPage) -> None:
    def restrict() -> object:
        return PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    assert effect(restrict) == "hard"
    assert effect(lambda: page.view_restrictions.get().delete()) == "hard"


def test_site_settings_and_redirects_renew(effect: Any, site: Site) -> None:
    assert effect(lambda: OrganisationSettings.for_site(site).save()) == "soft"
    assert effect(lambda: Redirect.objects.create(old_path="/x", redirect_link="/y")) == "soft"
    assert effect(lambda: Redirect.objects.all().delete()) == "hard"


def test_other_records_renew_nothing_until_they_are_watched(effect: Any) -> None:
    assert effect(lambda: Group.objects.create(name="nobody")) == "none"
    invalidation.watch(Group)
    assert effect(lambda: Group.objects.create(name="somebody")) == "soft"


@pytest.mark.parametrize("signal_and_kind", [(published, "soft"), (unpublished, "hard")])
def test_scheduled_snippets_renew_by_their_signals(effect: Any, signal_and_kind: Any) -> None:
    signal, kind = signal_and_kind
    model = next(model for model in get_snippet_models() if issubclass(model, DraftStateMixin))
    assert effect(lambda: signal.send(sender=model, instance=model())) == kind


def test_saving_a_draft_of_a_snippet_renews_nothing() -> None:
    model = next(model for model in get_snippet_models() if issubclass(model, DraftStateMixin))
    live: models.Model = model(live=True)
    assert invalidation._is_draft(model(live=False), None)
    assert invalidation._is_draft(live, ["latest_revision", "has_unpublished_changes"])
    assert not invalidation._is_draft(live, None)
    assert not invalidation._is_draft(live, ["latest_revision", "title"])


def test_switching_a_module_bars_old_pages(effect: Any, site: Site) -> None:
    key = next(plugin.key for plugin in registry.plugins if plugin.key == "employee_zone")
    disable(site, key)
    assert effect(lambda: enable(site, key)) == "hard"
    assert effect(lambda: disable(site, key)) == "hard"


def test_many_changes_in_one_transaction_renew_once(effect: Any, site: Site, page: StandardPage) -> None:
    def many() -> None:
        for number in range(20):
            Redirect.objects.create(old_path=f"/x{number}", redirect_link="/y")
        page.save_revision().publish()

    assert effect(many) == "soft"

    def many_and_one_hard() -> None:
        Redirect.objects.create(old_path="/z", redirect_link="/y")
        Redirect.objects.all().delete()

    assert effect(many_and_one_hard) == "hard"


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_renews_nothing() -> None:
    generation = current()
    before = generation.sequence
    with transaction.atomic():
        Redirect.objects.create(old_path="/x", redirect_link="/y")
        transaction.set_rollback(True)
    assert generation.sequence == before
    Redirect.objects.create(old_path="/x", redirect_link="/y")
    assert generation.sequence == before + 1


def test_a_generation_that_cannot_be_raised_undoes_no_publication(
    page: StandardPage,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(**kwargs: Any) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(invalidation, "bump", fails)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        page.save_revision().publish()
    assert callbacks
    page.refresh_from_db()
    assert page.live
    assert "disk full" in caplog.text


def test_a_proxy_forgets_the_home_pages(
    effect: Any, site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    purged: list[str] = []

    class Batch:
        def add_page(self, page: Page) -> None:
            purged.append(page.title)

        def purge(self) -> None:
            purged.append("sent")

    monkeypatch.setattr(invalidation, "PurgeBatch", Batch)
    effect(lambda: Redirect.objects.create(old_path="/x", redirect_link="/y"))
    assert purged == []
    settings.WAGTAILFRONTENDCACHE = {"nginx": {"BACKEND": "x", "LOCATION": "http://127.0.0.1:1"}}
    effect(lambda: Redirect.objects.create(old_path="/z", redirect_link="/y"))
    assert purged == [*[found.root_page.title for found in Site.objects.all()], "sent"]


def test_it_is_connected_by_the_app_and_only_once(effect: Any) -> None:
    assert apps.is_installed("ebok.operations")
    invalidation.connect()
    assert effect(lambda: Redirect.objects.create(old_path="/x", redirect_link="/y")) == "soft"
