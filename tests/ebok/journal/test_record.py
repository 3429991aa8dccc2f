"""The one door into the journal."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import RequestFactory, override_settings
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal import kinds
from ebok.journal.digests import detail_digest
from ebok.journal.erasing import erase_details
from ebok.journal.identifiers import as_moment, moment_of, uuid7
from ebok.journal.models import Detail, Event, JournalIsInsertOnly, Link
from ebok.journal.services import record

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 14, 12, 0, 0, 123456, tzinfo=UTC)


def detail_of(event: Event) -> Detail:
    return Detail.objects.get(event_id=event.id)


@pytest.mark.feature("K01")
def test_an_event_keeps_who_what_when_and_from_where(
    client_user: User, rf: RequestFactory, site: Site
) -> None:
    request = rf.get("/", headers={"user-agent": "Firefox"}, REMOTE_ADDR="192.0.2.7")
    request.user = client_user
    with time_machine.travel(NOON, tick=False):
        event = record(
            "journal.item_changed",
            text="Zmieniono: numer telefonu",
            request=request,
            site=site,
            customer_id=77,
            obj=client_user,
            payload={"old": "1", "new": "2"},
        )
    event.refresh_from_db()
    detail = detail_of(event)
    assert (event.kind, event.moment, event.actor_id) == ("journal.item_changed", NOON, client_user.pk)
    assert (event.site_id, event.customer_id) == (site.pk, 77)
    assert (event.object_type, event.object_id) == ("accounts.user", str(client_user.pk))
    assert (detail.text, detail.moment) == ("Zmieniono: numer telefonu", NOON)
    assert detail.actor_label == "Anna Klient (klient@example.org)"
    assert (detail.address, detail.device) == ("192.0.2.7", "Firefox")
    assert detail.payload == {"old": "1", "new": "2"}
    assert event.digest == detail_digest(detail)


def test_an_undeclared_kind_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(kinds.UnknownKind, match="journal.nothing_such"):
        record("journal.nothing_such", text="x")
    assert not Event.objects.exists()


def test_an_event_rolls_back_with_its_change() -> None:
    def change() -> None:
        with transaction.atomic():
            record("journal.item_changed", text="x")
            assert Event.objects.count() == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert (Event.objects.count(), Detail.objects.count()) == (0, 0)


@pytest.mark.parametrize("actor", [None, AnonymousUser()])
def test_nobody_is_nobody(actor: AnonymousUser | None) -> None:
    event = record("journal.item_changed", text="x", actor=actor)  # type: ignore[arg-type]
    assert (event.actor_id, detail_of(event).actor_label) == (None, "")


def test_a_part_of_the_portal_acts_under_its_name() -> None:
    event = record("journal.item_changed", text="x", actor="zegar")
    assert (event.actor_id, detail_of(event).actor_label) == (None, "zegar")


def test_what_no_database_can_keep_is_cleaned_and_still_provable(rf: RequestFactory) -> None:
    request = rf.get("/", headers={"user-agent": "x" * 999}, REMOTE_ADDR="nonsense")
    event = record(
        "journal.item_changed",
        text="a\x00b\ud800c" + "x" * 9999,
        request=request,
        payload={
            "float": 1e22,
            "money": Decimal("1.10"),
            "day": NOON,
            "nested": [{"\x00k": {3, 1}}],
            "big": 10**30,
        },
    )
    event.refresh_from_db()
    detail = detail_of(event)
    assert detail.text.startswith("ab?cx")
    assert len(detail.text) == 4000
    assert (detail.address, len(detail.device)) == (None, 300)
    assert detail.payload == {
        "float": "1e+22",
        "money": "1.10",
        "day": NOON.isoformat(),
        "nested": [{"k": [1, 3]}],
        "big": 10**30,
    }
    assert event.digest == detail_digest(detail)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "192.0.2.7"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (3, "198.51.100.1", "192.0.2.7"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_only_trusted_proxies_are_believed(
    rf: RequestFactory, proxies: int, forwarded: str, address: str
) -> None:
    request = rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="192.0.2.7")
    with override_settings(EBOK_TRUSTED_PROXY_COUNT=proxies):
        event = record("journal.item_changed", text="x", request=request)
    assert detail_of(event).address == address


def test_python_refuses_to_change_or_delete() -> None:
    event = record("journal.item_changed", text="x")
    link = Link.objects.create(seq=1, event_id=event.id, previous_hash="0" * 64, hash="1" * 64)
    for row in (event, detail_of(event), link):
        with pytest.raises(JournalIsInsertOnly):
            row.save()
        with pytest.raises(JournalIsInsertOnly):
            row.delete()
        with pytest.raises(JournalIsInsertOnly):
            type(row).objects.all().delete()
        with pytest.raises(JournalIsInsertOnly):
            type(row).objects.update(pk=None)


def test_erasing_takes_the_detail_and_leaves_the_event() -> None:
    kept, erased = (record("journal.item_changed", text=text) for text in ("a", "b"))
    assert erase_details([erased.id]) == 1
    assert [detail.event_id for detail in Detail.objects.all()] == [kept.id]
    assert Event.objects.count() == 2


def test_a_kind_whose_module_is_gone_still_has_a_title() -> None:
    assert kinds.title_of("gone.happened") == "gone.happened (moduł nie jest zainstalowany)"


def test_identifiers_sort_by_time_and_tell_it() -> None:
    start = int(NOON.timestamp() * 1000) * 1_000_000
    made = [uuid7(start + step * 1000) for step in range(3000)]
    assert made == sorted(made)
    assert len(set(made)) == 3000
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    assert moment_of(made[0]) == NOON.replace(microsecond=123000)
    assert moment_of(made[-1]) == NOON.replace(microsecond=125000)
    assert as_moment(start + 999_999) - as_moment(start) == timedelta(microseconds=999)
    assert moment_of(uuid.uuid4()) is None
