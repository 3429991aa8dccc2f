"""Numbered batches: each row once, the same bytes for ever, answers that are believed once."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ebok.accounts.models import User
from ebok.billing.models import Payment
from ebok.exchange import answers, batches
from ebok.exchange.mirror import Source
from ebok.exchange.models import ExportBatch, ExportedRow, ExportState
from ebok.exchange.status import exports
from ebok.journal.models import Event
from ebok.ports import Outlet, OutletColumn, StatusLight
from ebok.testing import mirror as building

KEY = "billing.entered_payments"


def pay(count: int, **fields: Any) -> list[Payment]:
    owner = building.customer()
    fields = {"source": Source.ENTERED, "batch_id": None, **fields}
    return [building.payment(owner, "12.50", date(2026, 5, day + 1), **fields) for day in range(count)]


def make() -> ExportBatch | None:
    return batches.make_batch(batches.declared_outlet(KEY), actor="test")


def made() -> ExportBatch:
    batch = make()
    assert batch is not None
    return batch


def bytes_of(batch: ExportBatch) -> bytes:
    return b"".join(batches.content(batch))


@pytest.mark.django_db
@pytest.mark.feature("L11")
def test_entered_payments_go_out_once() -> None:
    payments = pay(3, title="=kasa")
    building.payment(building.customer(), "99.00", date(2026, 5, 1))
    batch = made()
    assert (batch.number, batch.rows, batch.state) == (1, 3, ExportState.EXPORTED)
    lines = bytes_of(batch).decode().splitlines()
    assert lines[0] == "row;number;customer_code;paid_on;amount;method;title;account"
    first = payments[0]
    assert lines[1] == f"1;{first.number};{first.customer.code};2026-05-01;12.50;transfer;=kasa;"
    assert hashlib.sha256(bytes_of(batch)).hexdigest() == batch.sha256
    assert make() is None
    assert all(payment.is_locked for payment in Payment.objects.all())
    pay(1)
    assert (made().number, Event.objects.filter(kind="exchange.batch_exported").count()) == (2, 2)


@pytest.mark.django_db
def test_the_same_number_has_the_same_bytes_for_ever() -> None:
    payments = pay(2)
    batch = made()
    before = bytes_of(batch)
    Payment.objects.filter(pk=payments[0].pk).update(amount=1, title="poprawiona")
    Payment.objects.filter(pk=payments[1].pk).delete()
    assert bytes_of(ExportBatch.objects.get(pk=batch.pk)) == before


@pytest.mark.django_db
def test_many_rows_in_blocks(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    monkeypatch.setattr(batches, "BLOCK", 4)
    pay(10)
    batch = made()
    assert [row.position for row in ExportedRow.objects.order_by("position")] == list(range(1, 11))
    assert bytes_of(batch).count(b"\n") == 11


@pytest.mark.django_db
def test_keys_of_any_kind() -> None:
    users = Outlet(
        key="test.batches",
        title="x",
        columns=(OutletColumn(name="number", title="x"),),
        records=ExportBatch.objects.filter(outlet="other").all,
        cells=lambda batch: (batch.number,),
    )
    for number in (1, 2):
        ExportBatch.objects.create(pk=uuid.uuid4(), outlet="other", number=number, sha256="")
    batch = batches.make_batch(users)
    assert batch is not None
    assert batch.rows == 2
    assert batches.make_batch(users) is None
    ExportBatch.objects.create(outlet="other", number=3, sha256="")
    assert [row.pk for row in batches.waiting(users)] == [
        ExportBatch.objects.get(outlet="other", number=3).pk
    ]


@pytest.mark.django_db
def test_an_answer_for_the_whole_batch() -> None:
    pay(2)
    batch = made()
    with pytest.raises(batches.WrongAnswer):
        batches.acknowledge(batch, "rejected")
    with pytest.raises(batches.WrongAnswer):
        batches.acknowledge(batch, "eaten")
    taken = batches.acknowledge(batch, "taken")
    assert taken.state == ExportState.TAKEN_OVER
    batches.acknowledge(batch, "taken")
    with pytest.raises(batches.WrongAnswer):
        batches.acknowledge(batch, "rejected", reason="x")
    assert Event.objects.filter(kind="exchange.batch_answered").count() == 1


@pytest.mark.django_db
def test_rejected_rows_go_out_again_when_released(site: Any) -> None:
    payments = pay(3)
    batch = made()
    batches.acknowledge(batch, "taken", positions=[1])
    answered = batches.acknowledge(batch, "rejected", reason="Nieznany klient", positions=[2, 3])
    assert answered.state == ExportState.PARTLY
    assert (make(), exports(site).light) == (None, StatusLight.WARNING)
    assert (batches.release_rejected(batch), batches.release_rejected(batch)) == (2, 0)
    again = made()
    sent = ExportedRow.objects.filter(batch=again).values_list("row_key", flat=True)
    assert sorted(sent) == sorted(str(payment.pk) for payment in payments[1:])
    assert (again.number, exports(site).light) == (2, StatusLight.OK)


@pytest.mark.django_db
@pytest.mark.parametrize("positions", [[0], [4], [1, 99]])
def test_rows_that_are_not_there(positions: list[int]) -> None:
    pay(3)
    with pytest.raises(batches.WrongAnswer):
        batches.acknowledge(made(), "taken", positions=positions)
    assert ExportedRow.objects.filter(state=ExportState.TAKEN_OVER).count() == 0


@pytest.mark.django_db
def test_a_file_of_answers(tmp_path: Path) -> None:
    pay(2)
    batch = made()
    path = tmp_path / "odpowiedzi.csv"
    lines = "number;row;state;reason\n1;1;taken;\n1;2;rejected;Nieznany klient\n"
    path.write_text(lines, encoding="utf-8-sig")
    assert answers.take_answers(KEY, path) == 2
    batch.refresh_from_db()
    assert batch.state == ExportState.PARTLY
    assert answers.take_answers(KEY, path) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", ""),
        ("a;b;c\n", ""),
        ("number;row;state;reason\n1;1;taken;\n1;9;taken;\n", "3"),
        ("number;row;state;reason\nx;1;taken;\n", "2"),
        ("number;row;state;reason\n1;x;taken;\n", "2"),
        ("number;row;state;reason\n1;1;eaten;\n", "2"),
        ("number;row;state;reason\n1;1;rejected;\n", "2"),
        ("number;row;state;reason\n77;1;taken;\n", "2"),
        ("number;row;state;reason\n1;99999999999999999999;taken;\n", "2"),
    ],
)
def test_a_wrong_file_of_answers_changes_nothing(tmp_path: Path, content: str, line: str) -> None:
    pay(2)
    made()
    path = tmp_path / "odpowiedzi.csv"
    path.write_text(content)
    with pytest.raises(batches.WrongAnswer, match=f"Wiersz {line}" if line else "number;row;state;reason"):
        answers.take_answers(KEY, path)
    assert ExportedRow.objects.exclude(state=ExportState.EXPORTED).count() == 0


@pytest.mark.django_db
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pay(2)
    tmp_path /= "out"
    call_command("ebok_export", KEY, out=tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.name == "billing-entered_payments-000001.csv"
    first = path.read_bytes()
    path.unlink()
    call_command("ebok_export", KEY, out=tmp_path)
    assert list(tmp_path.iterdir()) == []
    call_command("ebok_export", outlet=[KEY], number=1, out=tmp_path)
    assert path.read_bytes() == first
    call_command("ebok_export", acknowledge=[KEY, "1", "rejected"], reason="Nieznany klient")
    call_command("ebok_export", again=[KEY, "1"])
    call_command("ebok_export", KEY, out=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert "odrzucon" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("ebok_export", acknowledge=[KEY, "1", "taken"])


@pytest.mark.django_db
def test_a_run_killed_before_it_wrote_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pay(1)
    made()
    pay(1)
    tmp_path /= "out"
    call_command("ebok_export", KEY, out=tmp_path)
    assert sorted(path.name[-10:] for path in tmp_path.iterdir()) == ["000001.csv", "000002.csv"]


@pytest.mark.django_db
def test_a_torn_transaction_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pay(3)

    def torn(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(batches, "record", torn)
        with pytest.raises(KeyboardInterrupt):
            make()
    assert (ExportBatch.objects.count(), ExportedRow.objects.count()) == (0, 0)
    assert (made().number, ExportedRow.objects.count()) == (1, 3)


def test_two_at_once_share_the_rows(restored_db: None) -> None:
    pay(20)
    found: list[ExportBatch | None] = []

    def run() -> None:
        try:
            found.append(make())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(batch.number for batch in found if batch)
    assert len(found) == 4
    assert numbers == list(range(1, len(numbers) + 1))
    assert ExportedRow.objects.values("row_key").distinct().count() == ExportedRow.objects.count() == 20


# Screens ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_screens(administrator: User, signed_in: Callable[[User], Any]) -> None:
    client = signed_in(administrator)
    assert "Nic nie czeka." in client.get("/admin/wymiana/paczki/").content.decode()
    pay(2, title="<b>kasa</b>")
    page = client.post("/admin/wymiana/paczki/", {"outlet": KEY}, follow=True)
    batch = ExportBatch.objects.get()
    assert (page.status_code, batch.created_by) == (200, administrator)
    assert "&lt;b&gt;kasa" in page.content.decode()
    url = f"/admin/wymiana/paczki/{batch.pk}/"
    file = client.get(f"{url}plik.csv")
    assert b"".join(file.streaming_content) == bytes_of(batch)
    assert client.post(url, {"do": "answer", "state": "rejected", "reason": ""}).status_code == 422
    assert client.post(url, {"do": "answer", "state": "eaten"}).status_code == 422
    client.post(url, {"do": "answer", "state": "rejected", "reason": "Nieznany klient"})
    batch.refresh_from_db()
    assert (batch.state, batch.reason) == (ExportState.REJECTED, "Nieznany klient")
    assert client.post(url, {"do": "answer", "state": "taken"}).status_code == 422
    client.post(url, {"do": "release"})
    client.post("/admin/wymiana/paczki/", {"outlet": KEY})
    assert ExportBatch.objects.count() == 2
    for wrong in ({"outlet": "x"}, {}):
        assert client.post("/admin/wymiana/paczki/", wrong).status_code == 404
    assert client.post(url, {"do": "x"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_screens_take_the_same_queries(
    administrator: User, signed_in: Callable[[User], Any], count: int
) -> None:
    for _number in range(count):
        pay(1)
        batch = made()
    client = signed_in(administrator)
    client.get("/admin/wymiana/paczki/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/admin/wymiana/paczki/")
    mine = [query["sql"] for query in asked.captured_queries if '"exchange_' in query["sql"]]
    # The batches, and for each kind whether something waits.
    assert len(mine) == 1 + len(batches.declared_outlets())
    assert client.get(f"/admin/wymiana/paczki/{batch.pk}/").status_code == 200
