"""From the doubtful reading to the bill, and readings without an account."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ebok.accounts.models import User
from ebok.billing.models import ReadingKind, ReadingState
from ebok.customers.models import Meter
from ebok.exchange import batches
from ebok.journal.models import Event
from ebok.notifications.models import Message
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_odczyt import demo, outlets, reminding, services, settling
from ebok_plugins.e_odczyt.models import ReadingSettings, ReadingWindow, Reminder, SentReading, SentState
from tests.plugins.e_odczyt.conftest import meter_with_past
from tests.plugins.e_odczyt.test_sending import form, words

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 14)


def sent(world: SampleWorld, meter: Meter, value: str, *doubts: str) -> SentReading:
    item = services.Item(
        point=meter.point,
        meter=meter,
        value=Decimal(value),
        usage=Decimal(value) - 412,
        previous_value=Decimal(412),
        doubts=doubts,
    )
    key = uuid.uuid4()
    return services.send(world.customer, [item], on=DAY, key=key, site=world.site, by=world.owner).rows[0]


@pytest.mark.feature("F07", "F08")
def test_the_clerk_accepts_rejects_and_corrects(
    home: SampleWorld, clerk: User, as_user: Callable[[User | None], Client]
) -> None:
    rows = [sent(home, meter_with_past(home), "440", "too_high") for _number in range(4)]
    client = as_user(clerk)
    queue = reverse("employee:e_odczyt:queue")
    page = words(client.get(queue))
    assert "dużo więcej niż zwykle" in page
    client.post(queue, {"do": "accept", "odczyt": [rows[0].pk, rows[1].pk]})
    at = reverse("employee:e_odczyt:reading", kwargs={"pk": rows[2].pk})
    assert "Napisz dlaczego" in words(client.post(at, {"do": "reject", "reason": ""}))
    client.post(at, {"do": "reject", "reason": "Na zdjęciu jest inny licznik."})
    at = reverse("employee:e_odczyt:reading", kwargs={"pk": rows[3].pk})
    client.post(at, {"do": "correct", "value": "418", "reason": "Tak jest na zdjęciu."})
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["accepted", "accepted", "rejected", "accepted"]
    assert (rows[3].value, rows[3].original_value, rows[3].usage) == (418, 440, 6)
    assert Event.objects.filter(kind="e_odczyt.reading_accepted").count() == 2
    assert Message.objects.filter(kind="e_odczyt.rejected", channel="email").count() == 1
    # Decided ones are not decided twice.
    assert services.reject(rows[:1], "Nie.", by=clerk) == 0


@pytest.mark.feature("F06", "F07")
def test_export_answer_and_import_settle_it(home: SampleWorld, meter: Meter, owner: Client) -> None:
    good, doubtful = sent(home, meter, "418"), sent(home, meter_with_past(home), "440", "too_high")
    batch = batches.make_batch(batches.declared_outlet(outlets.KEY))
    assert batch is not None
    assert batch.rows == 1
    text = b"".join(batches.content(batch)).decode()
    assert "18340221;1;2026-05-14;418" in text
    good.refresh_from_db()
    doubtful.refresh_from_db()
    assert (good.state, doubtful.state) == (SentState.EXPORTED, SentState.DOUBTFUL)
    batches.acknowledge(batch, "taken")
    good.refresh_from_db()
    assert good.state == SentState.TAKEN
    invoice = mirror.invoice(home.customer, "60.00", date(2026, 5, 31), lines=1)
    mirror.reading(
        meter,
        DAY,
        "418",
        kind=ReadingKind.CUSTOMER,
        state=ReadingState.SETTLED,
        invoice_id=invoice.pk,
        invoice_position=1,
    )
    assert settling.match() == 1
    assert settling.match() == 0
    good.refresh_from_db()
    assert (good.state, good.invoice_id) == (SentState.SETTLED, invoice.pk)
    page = words(owner.get(reverse("client:e_odczyt:sent", kwargs={"pk": good.pk})))
    assert invoice.number in page


@pytest.mark.feature("F07")
def test_a_row_the_billing_system_rejects_says_why(home: SampleWorld, meter: Meter) -> None:
    row = sent(home, meter, "418")
    batch = batches.make_batch(batches.declared_outlet(outlets.KEY))
    assert batch is not None
    batches.acknowledge(batch, "rejected", reason="Licznik wymieniony", positions=[1])
    row.refresh_from_db()
    assert (row.state, row.reason) == (SentState.REJECTED, "Licznik wymieniony")


@pytest.mark.feature("F01")
def test_without_an_account_nobody_learns_whether_it_fits(home: SampleWorld, meter: Meter) -> None:
    anonymous, at = Client(), reverse("public:e_odczyt:start")
    assert anonymous.get(at).status_code == 404
    settings = ReadingSettings.for_site(home.site)
    settings.public_sending, settings.sends_per_hour = True, 3
    settings.save()
    typed = {"code": "PROBA-1", "meter": "18340221", "value": "417", "day": "2026-05-14"}
    right = anonymous.post(at, typed | {"key": str(uuid.uuid4())})
    wrong = anonymous.post(at, typed | {"code": "PROBA-2", "key": str(uuid.uuid4())})
    assert words(right) == words(wrong)
    row = SentReading.objects.get()
    assert (row.value, row.channel, row.sent_by) == (Decimal(417), "code", None)
    assert Event.objects.filter(kind="e_odczyt.public_unmatched").count() == 1
    anonymous.post(at, typed | {"key": str(uuid.uuid4())})
    assert anonymous.post(at, typed | {"key": str(uuid.uuid4())}).status_code == 429


@pytest.mark.feature("F01")
def test_a_reminder_opens_the_form_until_the_window_closes(home: SampleWorld, meter: Meter) -> None:
    window = ReadingWindow.objects.create(
        site=home.site, zone="A", opens_on=date(2026, 5, 10), closes_on=date(2026, 5, 20)
    )
    assert reminding.remind(window) == 1
    assert reminding.remind(window) == 0
    reminder = Reminder.objects.get()
    token = reminding.token_of(reminder.public_id)
    anonymous, at = Client(), reverse("public:e_odczyt:link", kwargs={"token": token})
    assert "18340221" in words(anonymous.get(at))
    assert anonymous.get(at.replace(token[:4], "0000")).status_code == 404
    anonymous.post(at, form(meter, "417"))
    assert SentReading.objects.get().channel == "link"
    row: Any = reminding.windows_with_shares(home.site).get()
    assert (row.expected, row.received, row.reminded) == (1, 1, 1)
    Reminder.objects.update(expires_at=reminder.made_at)
    assert anonymous.get(at).status_code == 404


def test_the_demo_leaves_a_doubtful_reading_once(home: SampleWorld) -> None:
    customer = home.customer
    customer.code = demo.HOME
    customer.save()
    meter_with_past(home)
    world = SimpleNamespace(site=home.site, users={"client": home.owner})
    demo.load(world)  # type: ignore[arg-type]  # has what is asked
    demo.load(world)  # type: ignore[arg-type]  # has what is asked
    assert SentReading.objects.get().state == SentState.DOUBTFUL
    assert ReadingWindow.objects.count() == 1
