"""Accounts in bulk: choosing, printing in the background, downloading, following up (H21)."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdf
import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.access import give_access
from ebok.customers.models import Customer
from ebok.journal.models import Detail, Event
from ebok.look.models import OrganisationSettings
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.queries import exactly_queries
from ebok.testing.sweep import content_of
from ebok_plugins.client_zone import tasks
from ebok_plugins.client_zone.letters import background, queries, services
from ebok_plugins.client_zone.letters.addressing import address_lines
from ebok_plugins.client_zone.letters.storage import files, names
from ebok_plugins.client_zone.models import AccessLetter, Claim, JoiningSettings, LetterBatch
from ebok_plugins.client_zone.models.letters import LetterState
from ebok_plugins.client_zone.registration import tokens
from tests.plugins.client_zone.joining.conftest import Newcomer, url

Enter = Callable[[User | None], Client]
CODES = re.compile(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")
POINTS_OF_MM = 72 / 25.4


def order(client: Client, **chosen: str) -> LetterBatch:
    """Choose and order; the batch."""
    query = "&".join(f"{name}={value}" for name, value in {"szukaj": "1", "q": "Lipowski", **chosen}.items())
    answer = client.post(f"{url('new_letters', 'employee')}?{query}")
    assert answer.status_code == 302
    return LetterBatch.objects.latest("pk")


def pdf_of(client: Client, batch: LetterBatch, number: int = 1) -> pypdf.PdfReader:
    """The file as an employee downloads it."""
    answer = client.get(url("letters_pdf", "employee", batch=batch.pk, number=number))
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    return pypdf.PdfReader(io.BytesIO(content_of(answer)))


@pytest.fixture
def town(db: None) -> list[Customer]:
    """Three customers with addresses."""
    return [
        mirror.customer(
            code=f"K-00100{number}", name=f"Jan Lipowski {number}", street="Łąkowa", house=str(number),
            postcode="62-200", town="Lipowo",
        )
        for number in range(3)
    ]  # fmt: skip


@pytest.fixture
def client(sender: User, as_user: Enter) -> Client:
    """The browser of an employee who orders letters."""
    return as_user(sender)


# Choosing ---------------------------------------------------------------------------------------------


@pytest.mark.feature("H21")
def test_choosing_shows_whom_before_anything_is_ordered(client: Client, town: list[Customer]) -> None:
    give_access(town[0], person("ma@example.org"))
    mirror.customer(name="Bez adresu Lipowski")
    mirror.customer(name="Zamknięty Lipowski", status="closed", town="Lipowo")
    place = url("new_letters", "employee")
    page = client.get(f"{place}?szukaj=1&q=Lipowski&bez_konta=on")
    assert page.context["count"] == 2
    assert client.get(f"{place}?szukaj=1&q=Lipowski").context["count"] == 3
    assert client.get(f"{place}?szukaj=1&q=K-001001").context["count"] == 1
    assert client.get(f"{place}?szukaj=1&q=nikt").context["count"] == 0
    assert client.get(f"{place}?szukaj=1&grupa=999999").context["form"].errors
    assert not AccessLetter.objects.exists()


def test_choosing_by_group(client: Client, town: list[Customer]) -> None:
    from ebok.customers.models import CustomerGroup, GroupMember
    from ebok.exchange import natural_keys

    group = CustomerGroup.objects.create(
        pk=natural_keys.take("groups", "BLOKI"), code="BLOKI", name="Bloki", **mirror.IMPORTED
    )
    GroupMember.objects.create(customer=town[1], group=group, **mirror.IMPORTED)
    batch = order(client, q="", grupa=str(group.pk))
    assert list(batch.letters.values_list("customer_id", flat=True)) == [town[1].pk]
    assert "Bloki" in batch.title


def test_nobody_is_written_to_twice_while_a_code_works(client: Client, town: list[Customer]) -> None:
    order(client)
    place = f"{url('new_letters', 'employee')}?szukaj=1&q=Lipowski&bez_listu=on"
    assert client.get(place).context["count"] == 0
    assert client.post(place).status_code == 200
    assert LetterBatch.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        client.force_login(User.objects.get(email="listy@example.org"))
        assert client.get(place).context["count"] == 3


# Printing ---------------------------------------------------------------------------------------------


@pytest.mark.feature("H21")
def test_a_printed_letter_opens_an_account(client: Client, town: list[Customer], newcomer: Newcomer) -> None:
    """Address in the window of the envelope, code, steps, address of the page; then the code is used."""
    organisation = OrganisationSettings.for_site(Site.objects.get(is_default_site=True))
    organisation.legal_name, organisation.city = "Wodociągi Lipowo", "Lipowo"
    organisation.save()
    batch = order(client)
    assert (batch.total, batch.done, batch.files.count()) == (3, 3, 1)
    assert batch.finished_at is not None
    reader = pdf_of(client, batch)
    assert len(reader.pages) == 3
    text = reader.pages[0].extract_text()
    assert "Jan Lipowski 0" in text
    assert "Łąkowa 0" in text
    assert "62-200 Lipowo" in text
    assert "K-001000" in text
    assert "/rejestracja/list" in text
    assert "Wodociągi Lipowo" in text
    code = CODES.search(text)
    assert code
    everywhere = json.dumps(
        [list(AccessLetter.objects.values()), list(Detail.objects.values("text", "payload"))], default=str
    )
    assert code[0].replace("-", "") not in everywhere
    assert code[0] not in everywhere
    typed = {"code": "K-001000", "letter_code": code[0].lower()}
    newcomer.client.post(url("letter"), typed)
    newcomer.choose()
    from django.core import mail

    from tests.plugins.client_zone.joining.conftest import link_in

    assert newcomer.confirm(link_in(mail.outbox[-1]))["Location"] == "/moje-konto/"
    page = client.get(url("batch", "employee", batch=batch.pk)).content.decode()
    assert newcomer.email in page
    assert queries.states(batch)[LetterState.USED] == 1


def test_the_address_lies_in_the_window(client: Client, town: list[Customer]) -> None:
    """Right window of a DL envelope: every word between 115 and 195 mm across, 46 and 79 mm down."""
    page = pdf_of(client, order(client)).pages[0]
    height = float(page.mediabox.height)
    places: dict[str, tuple[float, float]] = {}

    def note(text: str, cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        across = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
        up = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
        places[text.strip()] = (across / POINTS_OF_MM, (height - up) / POINTS_OF_MM)

    page.extract_text(visitor_text=note)
    found = [place for text, place in places.items() if "Lipowski" in text or "Łąkowa" in text]
    assert found
    assert all(115 <= across <= 195 and 46 <= down <= 79 for across, down in found), places


def test_letters_name_the_address_of_correspondence() -> None:
    customer = Customer(
        name="Wspólnota Lipowa 5",
        street="Lipowa",
        house="5",
        postcode="62-200",
        town="Lipowo",
        correspondence_name="Zarząd Lokali",
        correspondence_street="Rynek",
        correspondence_house="1",
        correspondence_flat="2",
        correspondence_postcode="60-001",
        correspondence_town="Poznań",
    )
    assert address_lines(customer) == ["Zarząd Lokali", "Rynek 1/2", "60-001 Poznań"]
    village = Customer(name="Jan", house="7", postcode="62-201", town="Olszyny")
    assert address_lines(village) == ["Jan", "Olszyny 7", "62-201 Olszyny"]


def test_names_cannot_break_the_page(client: Client) -> None:
    """Markup, emoji and very long names: a page each, and no command is obeyed."""
    strange = ["#panic() Lipowski", "Lipowski 💧 $x$ *b*", "Lipowski " + "ż" * 240]
    for name in strange:
        mirror.customer(name=name, town="Lipowo")
    reader = pdf_of(client, order(client))
    assert len(reader.pages) == 3
    assert "#panic()" in reader.pages[0].extract_text()


@pytest.mark.feature("H21")
def test_thousands_are_made_in_parts_that_survive_a_crash(
    client: Client, town: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that failed is made anew; what was made stays; no letter is made twice."""
    monkeypatch.setattr(services, "PART", 2)
    monkeypatch.setattr(background.print_batch.__class__, "enqueue", lambda *_args, **_kwargs: None)
    batch = order(client)
    assert services.print_part(batch.pk)
    first = list(batch.letters.order_by("pk").values_list("code_hash", flat=True))[:2]
    assert (LetterBatch.objects.get(pk=batch.pk).done, batch.files.count()) == (2, 1)

    def crash(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(services, "_write_down", crash)
        with pytest.raises(RuntimeError):
            services.print_part(batch.pk)
    assert len(names()) == 1
    page = client.get(url("batch", "employee", batch=batch.pk))
    assert page.context["batch"].percent == 66
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert tasks.print_again()
    background.print_batch.func(batch.pk)
    background.print_batch.func(batch.pk)
    batch.refresh_from_db()
    assert (batch.done, batch.files.count()) == (3, 2)
    assert list(batch.letters.order_by("pk").values_list("code_hash", flat=True))[:2] == first
    assert Event.objects.filter(kind="client_zone.letters_made").count() == 1


def test_two_workers_make_a_part_once(
    client: Client, town: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower one throws its file away: its codes would never have worked."""
    monkeypatch.setattr(background.print_batch.__class__, "enqueue", lambda *_args, **_kwargs: None)
    batch = order(client)
    real: Any = vars(services)["letters_pdf"]

    def slow(*args: Any) -> bytes:
        monkeypatch.setattr(services, "letters_pdf", real)
        services.print_part(batch.pk)
        return real(*args)

    monkeypatch.setattr(services, "letters_pdf", slow)
    assert services.print_part(batch.pk)
    batch.refresh_from_db()
    assert (batch.done, batch.files.count(), len(names())) == (3, 1, 1)
    code = CODES.search(pdf_of(client, batch).pages[0].extract_text())
    assert code
    letter = batch.letters.order_by("pk").first()
    assert letter is not None
    assert letter.code_hash == tokens.letter_hash(letter.customer_id, code[0])


# Following up -------------------------------------------------------------------------------------------


@pytest.mark.feature("H21")
def test_states_of_letters(client: Client, town: list[Customer]) -> None:
    batch = order(client)
    place = url("batch", "employee", batch=batch.pk)
    assert queries.states(batch) == {**dict.fromkeys(LetterState.values, 0), "made": 3}
    client.post(place, {"do": "sent"})
    client.post(place, {"do": "sent"})
    assert queries.states(batch)["sent"] == 3
    first = batch.letters.order_by("pk").first()
    AccessLetter.objects.filter(pk=first.pk).update(used_at=timezone.now())  # type: ignore[union-attr]
    later = timezone.now() + timedelta(days=40)
    assert queries.states(batch, later) == {**dict.fromkeys(LetterState.values, 0), "used": 1, "expired": 2}
    client.post(place, {"do": "cancel"})
    assert queries.states(batch) == {**dict.fromkeys(LetterState.values, 0), "used": 1, "cancelled": 2}
    kinds = list(Event.objects.filter(kind__startswith="client_zone.letters").values_list("kind", flat=True))
    assert sorted(kinds) == [
        "client_zone.letters_cancelled",
        "client_zone.letters_made",
        "client_zone.letters_ordered",
        "client_zone.letters_sent",
    ]


def test_downloads_are_journalled_and_files_do_not_stay(client: Client, town: list[Customer]) -> None:
    batch = order(client)
    pdf_of(client, batch)
    place = url("letters_pdf", "employee", batch=batch.pk, number=1)
    assert client.head(place).status_code == 200
    downloads = Event.objects.filter(kind="client_zone.letters_downloaded")
    assert downloads.count() == 1
    JoiningSettings.objects.update(file_days=1)
    assert tasks.delete_letter_files() is None
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert tasks.delete_letter_files()
    assert names() == []
    assert client.get(place).status_code == 404
    assert batch.letters.count() == 3


def test_files_nobody_knows_are_swept(db: None) -> None:
    from django.core.files.base import ContentFile

    files.save("listy/ab/unknown.pdf", ContentFile(b"x"))
    assert services.sweep(timedelta(days=1)) == 0
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert services.sweep(timedelta(days=1)) == 1
    assert names() == []


def test_letters_clients_asked_for(client: Client, customer: Customer) -> None:
    claim = Claim.objects.create(
        customer=customer,
        user=person("czeka@example.org"),
        made_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=60),
    )
    AccessLetter.objects.create(customer=customer, claim=claim, asked_at=timezone.now())
    place = url("letters", "employee")
    assert client.get(place).context["asked"] == 1
    client.post(place)
    batch = LetterBatch.objects.get()
    assert (batch.total, batch.done) == (1, 1)
    assert client.get(place).context["asked"] == 0
    client.post(place)
    assert LetterBatch.objects.count() == 1
    assert "Zofia Lis" in pdf_of(client, batch).pages[0].extract_text()


def test_who_may_not_order_letters_sees_nothing(as_user: Enter, verifier: User, town: list[Customer]) -> None:
    for view in ("letters", "new_letters"):
        assert as_user(verifier).get(url(view, "employee")).status_code == 404
        assert as_user(verifier).post(url(view, "employee")).status_code == 404
    assert not LetterBatch.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_lists_take_the_same_queries(client: Client, count: int) -> None:
    for number in range(count):
        mirror.customer(name=f"Jan Lipowski {number}", town="Lipowo")
    batch = order(client)
    for place, number in ((url("letters", "employee"), 9), (url("batch", "employee", batch=batch.pk), 11)):
        client.get(place)
        with exactly_queries(number):
            client.get(place)
