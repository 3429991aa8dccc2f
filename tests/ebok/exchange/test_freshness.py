"""How old the data are, and what pages and payments make of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Site

from ebok.exchange import freshness
from ebok.exchange.models import Delivery, Outcome
from ebok.exchange.status import data_age, deliveries, ways_in
from ebok.ports import StatusLight
from tests.ebok.exchange.deliveries import configure

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)


def taken(as_of: datetime, *datasets: str, outcome: str = Outcome.DONE, way_in: str = "command") -> Delivery:
    delivery = Delivery.objects.create(
        profile="neutral", name="x", sha256="", as_of=as_of, outcome=outcome, way_in=way_in
    )
    for dataset in datasets:
        delivery.parts.create(dataset=dataset, member="x")
    return delivery


def drawn(template: str, request: object = None) -> str:
    return Template("{% load freshness %}" + template).render(Context({"request": request})).strip()


def test_nothing_imported_is_never_old(site: Site) -> None:
    assert freshness.as_of() is None
    assert (freshness.is_stale(site), freshness.may_pay_everything(site)) == (False, (True, ""))
    assert (drawn("{% data_as_of %}"), drawn("{% stale_warning %}")) == ("", "")


def test_each_dataset_has_its_own_moment(site: Site) -> None:
    taken(NOON - timedelta(days=5), "ledger", "payments")
    taken(NOON - timedelta(hours=1), "readings")
    taken(NOON, "ledger", outcome=Outcome.REFUSED)
    taken(NOON, "ledger", outcome=Outcome.DRY)
    taken(NOON, "ledger", way_in=freshness.REFRESH)
    with time_machine.travel(NOON, tick=False):
        assert freshness.as_of() == NOON - timedelta(hours=1)
        assert freshness.as_of("ledger", "readings", "never") == NOON - timedelta(days=5)
        assert freshness.is_stale(site) is False
        assert freshness.is_stale(site, ["ledger"]) is True
        allowed, sentence = freshness.may_pay_everything(site, ["ledger"])
        assert (allowed, "całej kwoty" in sentence) == (False, True)
        assert freshness.may_pay_everything(site, ["readings"]) == (True, "")


def test_the_limit_is_the_administrators(site: Site) -> None:
    taken(NOON - timedelta(hours=10), "ledger")
    with time_machine.travel(NOON, tick=False):
        assert freshness.is_stale(site) is False
        configure(freshness_hours=9)
        assert freshness.is_stale(site) is True
        assert freshness.freshness(site).sentence == "Dane na tej stronie mogą być nieaktualne."
        assert data_age(site).light == StatusLight.WARNING


def test_pages_say_it_and_ask_once() -> None:
    taken(NOON - timedelta(days=3), "ledger")
    request = RequestFactory().get("/")
    with time_machine.travel(NOON, tick=False):
        page = drawn("{% data_as_of %}{% stale_warning %}{% data_as_of %}", request)
    assert page.count("Stan na 11\xa0maja") == 2
    assert "sprzed 3 dni" in page
    with translation.override("en"), time_machine.travel(NOON, tick=False):
        assert "are 3 days old" in drawn("{% stale_warning %}")


def test_tags_take_one_query_however_often(django_assert_num_queries: object) -> None:
    taken(NOON, "ledger")
    configure(freshness_hours=24)
    request = RequestFactory().get("/")
    with django_assert_num_queries(1):  # type: ignore[operator]
        drawn('{% data_as_of %}{% stale_warning %}{% data_as_of "ledger" "payments" %}', request)


def test_status_tells_what_needs_a_person(site: Site) -> None:
    assert (deliveries(site).light, ways_in(site).light) == (StatusLight.OK, StatusLight.OK)
    taken(NOON, "ledger", outcome=Outcome.WAITING)
    assert deliveries(site).light == StatusLight.WARNING
    failed = taken(NOON, "ledger", outcome=Outcome.FAILED)
    assert deliveries(site).light == StatusLight.ERROR
    failed.outcome = Outcome.REFUSED
    failed.save()
    assert deliveries(site).light == StatusLight.WARNING
    taken(NOON, "ledger")
    configure(watched_folder="/nowhere/at/all")
    assert ways_in(site).light == StatusLight.ERROR
