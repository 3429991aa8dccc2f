"""Deliveries from their files into the mirror: what is new, changed, unchanged, wrong or missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from ebok.accounts.models import User
from ebok.billing.models import Invoice, Reading
from ebok.customers.models import Customer, Meter
from ebok.exchange import comparing, kept_lines, natural_keys, pipeline
from ebok.exchange.locking import Busy, import_lock
from ebok.exchange.models import (
    Decision,
    Delivery,
    DeliveryPart,
    ExchangeSettings,
    Finding,
    FindingKind,
    NaturalKey,
    Outcome,
    Phase,
    Standing,
)
from ebok.exchange.report import report
from ebok.journal.models import Event
from tests.ebok.exchange.small_town import TOWN, Town, findings, mirror, numbers, town, with_line

# SQLite attaches its staging database, which no transaction allows.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "sqlite")

MONDAY = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)


@pytest.fixture
def deliveries(tmp_path: Path) -> Town:
    """The town's deliveries."""
    return Town(tmp_path / "delivery")


@pytest.fixture
def lenient(deliveries: Town) -> Town:
    """Deliveries that need no approval, however much they change."""
    settings = ExchangeSettings.load()
    settings.approval_threshold = Decimal(100)
    settings.save()
    return deliveries


def test_a_first_load_fills_the_mirror(deliveries: Town) -> None:
    delivery = deliveries.deliver()

    assert (delivery.outcome, delivery.phase, delivery.sentence) == (Outcome.DONE, Phase.DONE, "")
    assert {key: numbers(delivery, key) for key in TOWN} == {
        key: {"rows": len(lines) - 1, "new": len(lines) - 1} for key, lines in TOWN.items()
    }
    meter = Meter.objects.get(number="M1")
    assert meter.customer.code == "K1"
    assert (meter.source, meter.batch_id, meter.corrected_at) == (1, delivery.pk, None)
    assert Invoice.objects.get(number="F1K").corrects == Invoice.objects.get(number="F1")
    assert Reading.objects.get(meter=meter, read_on="2026-01-31").value == Decimal("410.500")
    customer = Customer.objects.get(code="K1")
    assert len(customer.pesel_hash) == 64
    key = NaturalKey.objects.get(dataset="customers", key="K1")
    assert (key.pk, key.customer_id) == (customer.pk, customer.pk)
    account = NaturalKey.objects.get(dataset="customers.virtual_account")
    assert (account.key, account.object_id) == ("12999900001234567800000096", customer.pk)
    kinds = list(
        Event.objects.filter(kind__startswith="exchange.").order_by("moment").values_list("kind", flat=True)
    )
    assert kinds == ["exchange.delivery_received", "exchange.delivery_taken_over"]
    told = report(delivery)
    assert told["totals"]["found"]["invoices"] == {
        "net": "160.00", "vat": "12.80", "gross": "172.80", "open_amount": "75.60",
    }  # fmt: skip
    assert told["differences"] == []


def test_the_same_files_are_skipped(deliveries: Town) -> None:
    first = deliveries.deliver()
    before = mirror()
    second = deliveries.deliver()

    assert second.outcome == Outcome.SKIPPED
    assert numbers(second, "readings") == {"rows": 5, "unchanged": 5}
    assert mirror() == before
    assert set(Reading.objects.values_list("batch_id", flat=True)) == {first.pk}


@pytest.mark.parametrize("lines_are_kept", [True, False])
def test_the_same_rows_change_nothing(deliveries: Town, lines_are_kept: bool) -> None:
    first = deliveries.deliver(manifest={"as_of": "2026-11-15T04:00:00+01:00"})
    before = mirror()
    if not lines_are_kept:
        Standing.objects.update(lines=False)
    second = deliveries.deliver(manifest={"as_of": "2026-11-16T04:00:00+01:00"})

    assert second.outcome == Outcome.DONE
    assert {key: numbers(second, key) for key in TOWN} == {
        key: {"rows": len(lines) - 1, "unchanged": len(lines) - 1} for key, lines in TOWN.items()
    }
    left_out = second.parts.get(dataset="readings").steps["since"]
    assert left_out == (first.pk if lines_are_kept else None)
    assert mirror() == before
    assert set(Meter.objects.values_list("batch_id", flat=True)) == {first.pk}
    assert report(second)["totals"]["found"] == report(first)["totals"]["found"]


def test_shuffled_rows_change_nothing(deliveries: Town) -> None:
    deliveries.deliver()
    before = mirror()
    shuffled = {key: [lines[0], *reversed(lines[1:])] for key, lines in TOWN.items()}
    delivery = deliveries.deliver(shuffled)

    assert {key: numbers(delivery, key).get("unchanged") for key in TOWN} == {
        key: len(lines) - 1 for key, lines in TOWN.items()
    }
    assert mirror() == before


@pytest.mark.parametrize("lines_are_kept", [True, False])
def test_changed_rows_are_taken_over(lenient: Town, lines_are_kept: bool) -> None:
    lenient.deliver()
    if not lines_are_kept:
        Standing.objects.update(lines=False)
    second = lenient.deliver(
        town(
            readings=[*with_line("readings", 2, "K1;M1;2026-01-31;1;actual;411.000;11.000;settled"),
                      "K3;M3;2026-02-28;1;actual;15.000;3.000;pending"],
            customers=with_line("customers", 1, "K1;Anna Lis;;44051401359;;anna@example.org"),
        )
    )  # fmt: skip

    assert numbers(second, "readings") == {"rows": 6, "new": 1, "changed": 1, "unchanged": 4}
    assert numbers(second, "customers") == {"rows": 3, "changed": 1, "unchanged": 2}
    assert Reading.objects.get(meter__number="M1", read_on="2026-01-31").usage == Decimal(11)
    customer = Customer.objects.get(code="K1")
    assert (customer.name, customer.batch_id) == ("Anna Lis", second.pk)
    assert not NaturalKey.objects.filter(dataset="customers.virtual_account").exists()
    assert report(second)["totals"]["found"]["readings"] == {"value": "995.000", "usage": "33.000"}


@pytest.mark.parametrize(
    "said",
    [{"rows": 6}, {"rows": 5, "totals": {"value": "979.501"}}, {"totals": {"usage": "29.49"}}],
)
def test_a_cut_off_delivery_is_refused(deliveries: Town, said: dict[str, object]) -> None:
    delivery = deliveries.deliver(manifest={"files": {"readings.csv": said}})

    assert delivery.outcome == Outcome.REFUSED
    assert "Odczyty" in delivery.sentence or "Readings" in delivery.sentence
    assert mirror() == {"customers": [], "meters": [], "invoices": [], "readings": []}


def test_control_totals_that_agree(deliveries: Town) -> None:
    said = {"rows": 5, "totals": {"value": "979.5", "usage": "29.500"}}
    assert deliveries.deliver(manifest={"files": {"readings.csv": said}}).outcome == Outcome.DONE


def test_late_and_early_deliveries_are_refused(deliveries: Town) -> None:
    assert deliveries.deliver(as_of=MONDAY).outcome == Outcome.DONE
    before = mirror()
    late = deliveries.deliver(town(invoices=TOWN["invoices"][:3]), as_of=MONDAY - timedelta(hours=1))
    early = deliveries.deliver(as_of=timezone.now() + timedelta(hours=1))

    assert (late.outcome, early.outcome) == (Outcome.REFUSED, Outcome.REFUSED)
    assert mirror() == before


def test_repeated_rows(deliveries: Town) -> None:
    lines = [
        *TOWN["readings"],
        TOWN["readings"][1],
        "K2;M2;2025-12-31;1;actual;78.000;6.000;settled",
    ]
    delivery = deliveries.deliver(town(readings=lines, customers=[*TOWN["customers"], TOWN["customers"][2]]))

    assert numbers(delivery, "readings") == {"rows": 7, "new": 4, "unchanged": 1, "rejected": 2}
    assert numbers(delivery, "customers") == {"rows": 4, "new": 3, "unchanged": 1}
    assert findings(delivery) == [("readings", 4, "customer_code"), ("readings", 8, "customer_code")]
    assert "4, 8" in Finding.objects.first().reason  # type: ignore[union-attr]


def test_a_doubled_file(deliveries: Town) -> None:
    doubled = {key: [*lines, *lines[1:]] for key, lines in TOWN.items()}
    delivery = deliveries.deliver(doubled)

    assert numbers(delivery, "readings") == {"rows": 10, "new": 5, "unchanged": 5}
    again = deliveries.deliver(doubled, as_of=timezone.now())
    assert numbers(again, "readings") == {"rows": 10, "unchanged": 10}


def test_rejected_rows_take_their_followers_with_them_and_nobody_else(deliveries: Town) -> None:
    delivery = deliveries.deliver(
        town(
            customers=with_line("customers", 3, "K3;Jan Lis;123;;;"),
            invoices=[
                *TOWN["invoices"],
                "K2;F7;2026-02-31;2026-02-14;1.00;0.00;1.00;0.00;",
                "K2;F8;2026-02-28;2026-02-14;1.00;0.00;1.00;0.00;F7",
                "K2;F9;2026-02-28;2026-02-14;1.00;0.00;1.00;0.00;F8",
                "K2;F10;28.02.2026;2026-02-14;1,00;;1,00;;F2",
            ],
        )
    )

    assert numbers(delivery, "customers") == {"rows": 3, "new": 2, "rejected": 1}
    assert numbers(delivery, "meters") == {"rows": 3, "new": 2, "rejected": 1, "orphans": 1}
    assert numbers(delivery, "invoices") == {"rows": 8, "new": 4, "rejected": 4, "orphans": 3}
    assert findings(delivery, "rejected") == [
        ("customers", 4, "nip"),
        ("contracts", 4, "customer_code"),
        ("service_points", 4, "customer_code"),
        ("meters", 4, "customer_code"),
        ("invoices", 5, "customer_code"),
        ("invoices", 6, "issued_on"),
        ("invoices", 7, "corrects_number"),
        ("invoices", 8, "corrects_number"),
        ("readings", 6, "customer_code"),
    ]
    assert Finding.objects.filter(part__dataset="customers").get().cells["nip"] == "123"
    assert Customer.objects.count() == 2


def test_a_sum_that_does_not_hold_is_seen_in_a_file_that_is_spelled_well(deliveries: Town) -> None:
    lines = ["code;name;nip", "K1;Anna Nowak;", "K2;Wodnik sp. z o.o.;5261040828", "K3;Lis;5261040829"]
    delivery = deliveries.deliver({"customers": lines})

    assert delivery.parts.get().steps["doubtful"] == []
    assert numbers(delivery, "customers") == {"rows": 3, "new": 2, "rejected": 1}
    assert findings(delivery, "rejected") == [("customers", 4, "nip")]


def test_rows_mended_and_sent_again_complete_the_delivery(deliveries: Town) -> None:
    deliveries.deliver(town(readings=with_line("readings", 3, "K2;M2;2025-12-31;1;actual;nic;5.000;settled")))
    assert Reading.objects.count() == 4
    mended = deliveries.deliver({"readings": [TOWN["readings"][0], TOWN["readings"][3]]}, complete=False)

    assert numbers(mended, "readings") == {"rows": 1, "new": 1}
    assert Reading.objects.count() == 5


def test_rejected_rows_are_told_again_in_the_next_delivery(deliveries: Town) -> None:
    bad = town(
        readings=[
            *TOWN["readings"],
            "K2;M9;2025-12-31;1;actual;1;1;settled",
            "K2;M2;wczoraj;1;actual;1;1;settled",
        ]
    )
    deliveries.deliver(bad)
    delivery = deliveries.deliver(bad, as_of=timezone.now())

    assert delivery.outcome == Outcome.DONE
    assert delivery.parts.get(dataset="readings").steps["since"] is not None
    assert numbers(delivery, "readings") == {"rows": 7, "unchanged": 5, "rejected": 2, "orphans": 1}
    assert findings(delivery) == [("readings", 7, "meter_number"), ("readings", 8, "read_on")]


def test_somebody_elses_row_is_a_conflict(deliveries: Town) -> None:
    deliveries.deliver()
    delivery = deliveries.deliver(
        town(
            meters=with_line("meters", 2, "K1;P1;M2;2020-01-02"),
            service_points=with_line("service_points", 3, "K3;P3;Lipowa;3;U1"),
            customers=with_line("customers", 3, "K3;Jan Lis;;;12999900001234567800000096;jan@example.org"),
        )
    )

    assert findings(delivery, "conflict") == [
        ("customers", 4, "virtual_account"),
        ("service_points", 4, "contract_number"),
        ("meters", 3, "customer_code"),
    ]
    assert Meter.objects.get(number="M2").customer.code == "K2"
    assert Customer.objects.get(code="K3").virtual_account == ""


def test_a_correction_by_hand_is_a_conflict_until_both_agree(deliveries: Town) -> None:
    deliveries.deliver()
    Customer.objects.filter(code="K3").update(name="Jan Wilk", corrected_at=timezone.now())
    kept_lines.forget("customers")
    second = deliveries.deliver(as_of=timezone.now())

    assert numbers(second, "customers") == {"rows": 3, "unchanged": 2, "conflicts": 1}
    conflict = Finding.objects.get(part__delivery=second)
    assert (conflict.kind, conflict.column, conflict.row_number) == (FindingKind.CONFLICT, "name", 4)
    assert (conflict.cells["name"], conflict.ours["name"]) == ("Jan Lis", "Jan Wilk")
    assert Customer.objects.get(code="K3").name == "Jan Wilk"

    third = deliveries.deliver(town(customers=with_line("customers", 3, "K3;Jan Wilk;;;;jan@example.org")))
    assert numbers(third, "customers") == {"rows": 3, "unchanged": 3}
    assert Customer.objects.get(code="K3").corrected_at is None
    assert Customer.objects.get(code="K3").source == 1


def test_an_entered_row_is_recognised_by_its_name(deliveries: Town) -> None:
    key = natural_keys.take("customers", "K3")
    natural_keys.own(key)
    Customer.objects.create(
        id=key, code="K3", name="Jan Lis", email="jan@example.org", corrected_at=timezone.now()
    )
    delivery = deliveries.deliver()

    assert numbers(delivery, "customers") == {"rows": 3, "new": 2, "unchanged": 1}
    assert Customer.objects.get(code="K3").pk == key
    assert Customer.objects.get(code="K3").source == 1


@pytest.mark.parametrize("lines_are_kept", [True, False])
def test_vanished_rows_are_told_and_stay(lenient: Town, lines_are_kept: bool) -> None:
    def next_delivery(files: dict[str, list[str]]) -> Delivery:
        if not lines_are_kept:
            Standing.objects.update(lines=False)
        return lenient.deliver(files, as_of=timezone.now())

    lenient.deliver()
    fewer = town(readings=TOWN["readings"][:5], meters=TOWN["meters"][:3])
    second = next_delivery(fewer)
    assert numbers(second, "readings") == {"rows": 4, "unchanged": 4, "vanished": 1}
    assert numbers(second, "meters") == {"rows": 2, "unchanged": 2, "vanished": 1}
    gone = Finding.objects.get(part__delivery=second, part__dataset="readings")
    assert (gone.kind, gone.key) == (FindingKind.VANISHED, "K3|M3|2026-01-31|1|customer")
    assert gone.ours["value"] == "12.000"
    assert Reading.objects.count() == 5

    gone.decision = Decision.OURS
    gone.save()
    third = next_delivery(town(**{**fewer, "invoices": TOWN["invoices"][:4]}))
    assert numbers(third, "readings") == {"rows": 4, "unchanged": 4, "vanished": 1}
    assert Finding.objects.get(part__delivery=third, part__dataset="readings").decision == Decision.OURS

    fourth = next_delivery(town())
    assert {key: numbers(fourth, key).get("vanished", 0) for key in TOWN} == dict.fromkeys(TOWN, 0)


def test_what_is_not_in_a_partial_delivery_has_not_vanished(deliveries: Town) -> None:
    deliveries.deliver()
    partial = deliveries.deliver({"readings": TOWN["readings"][:2]}, complete=False)
    only_one_file = deliveries.deliver({"readings": TOWN["readings"]}, as_of=timezone.now())

    assert numbers(partial, "readings") == {"rows": 1, "unchanged": 1}
    assert report(only_one_file)["datasets"].keys() == {"readings"}
    assert numbers(only_one_file, "readings") == {"rows": 5, "unchanged": 5}


def test_a_trial_run_changes_nothing(deliveries: Town) -> None:
    delivery = deliveries.deliver(dry_run=True)

    assert (delivery.outcome, delivery.phase) == (Outcome.DRY, Phase.COMPARED)
    assert numbers(delivery, "readings") == {"rows": 5, "new": 5}
    assert mirror() == {"customers": [], "meters": [], "invoices": [], "readings": []}
    assert not NaturalKey.objects.exists()


def test_much_change_waits_for_a_person(deliveries: Town, superuser: User) -> None:
    deliveries.deliver()
    before = mirror()
    changed = town(
        meters=[line.replace("2020-01-02", "2020-02-02") for line in TOWN["meters"]],
        contracts=[line.replace("2020-01-01", "2019-01-01") for line in TOWN["contracts"]],
        readings=TOWN["readings"][:4],
    )
    waiting = deliveries.deliver(changed)
    assert waiting.outcome == Outcome.WAITING
    assert waiting.sentence != ""
    assert mirror() == before

    done = pipeline.approve(waiting.pk, superuser)
    assert (done.outcome, done.approved_by) == (Outcome.DONE, superuser)
    assert Meter.objects.get(number="M1").mounted_on == date(2020, 2, 2)
    with pytest.raises(pipeline.NotWaiting):
        pipeline.approve(waiting.pk, superuser)

    ExchangeSettings.objects.update(approval_threshold=1)
    refused = pipeline.refuse(deliveries.deliver(as_of=timezone.now()).pk, superuser, "To nie ten plik.")
    assert (refused.outcome, refused.sentence) == (Outcome.REFUSED, "To nie ten plik.")
    assert Meter.objects.get(number="M1").mounted_on == date(2020, 2, 2)


def test_an_older_encoding_is_read(deliveries: Town, tmp_path: Path) -> None:
    lines = [TOWN["customers"][0], "K1;Żółć Gęślą;;;;"]
    deliveries.deliver({"customers": lines})
    file = tmp_path / "delivery" / "customers.csv"
    file.write_bytes(("\n".join([*lines, "K2;Łąka;;;;"]) + "\n").encode("cp1250"))
    delivery = pipeline.proceed(pipeline.receive([file], profile="neutral").pk)

    assert numbers(delivery, "customers") == {"rows": 2, "new": 1, "unchanged": 1}
    assert Customer.objects.get(code="K2").name == "Łąka"


def test_the_second_import_at_once_says_so(deliveries: Town) -> None:
    deliveries.deliver()
    delivery = pipeline.receive([deliveries.folder], profile="neutral")
    with import_lock(), pytest.raises(Busy) as refused:
        pipeline.proceed(delivery.pk)

    assert refused.value.sentence != ""
    assert pipeline.unfinished() == [delivery.pk]
    assert pipeline.proceed(delivery.pk).outcome == Outcome.SKIPPED


def test_whoever_comes_next_finds_the_lock_free(transactional_db: None) -> None:
    """At once, not when the server has noticed that the last connection is closed."""
    for _turn in range(30):
        with import_lock():
            pass


def test_two_lines_about_one_thing_are_seen_though_one_of_them_is_known(deliveries: Town) -> None:
    deliveries.deliver()
    lines = [*TOWN["readings"], "K1;M1;2025-12-31;1;actual;401.000;10.000;settled"]
    delivery = deliveries.deliver(town(readings=lines))

    assert numbers(delivery, "readings") == {"rows": 6, "unchanged": 4, "rejected": 2}
    assert Reading.objects.get(meter__number="M1", read_on="2025-12-31").value == Decimal(400)


def test_a_failure_is_told_and_can_be_continued(deliveries: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(comparing, "compare", lambda *_args, **_more: 1 / 0)
        failed = deliveries.deliver()
    assert (failed.outcome, failed.phase) == (Outcome.FAILED, Phase.VALIDATED)
    assert "ZeroDivisionError" in failed.sentence

    done = pipeline.proceed(failed.pk)
    assert (done.outcome, done.sentence) == (Outcome.DONE, "")
    assert DeliveryPart.objects.filter(delivery=done).count() == len(TOWN)
