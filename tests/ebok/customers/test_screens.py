"""The kartoteka in the Wagtail admin: lists, pages of a customer, forms, rights."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from ebok.accounts.models import User
from ebok.billing.models import Reading
from ebok.customers.models import Customer, CustomerGroup, GroupMember, Meter
from ebok.exchange import natural_keys
from ebok.exchange.mirror import Source
from ebok.exchange.models import Delivery, DeliveryPart, Finding, FindingKind, NaturalKey
from ebok.journal.models import Detail, Event
from ebok.testing.people import grant, person
from tests.ebok.billing import building

pytestmark = pytest.mark.django_db
CUSTOMERS = "/admin/kartoteka/klienci/"
POINTS = "/admin/kartoteka/punkty/"
METERS = "/admin/kartoteka/liczniki/"
CONTRACTS = "/admin/kartoteka/umowy/"
GROUPS = "/admin/kartoteka/grupy/"
LISTS = (CUSTOMERS, POINTS, METERS, CONTRACTS, GROUPS)
SEEING = ("customers.view", "billing.view")
NRB = "12999900001234567800000096"


def staff(email: str, *rights: str) -> User:
    """Somebody who may open the Wagtail admin and has these declared rights."""
    user = person(email)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return grant(user, rights)


@pytest.fixture
def reader(db: None) -> User:
    return staff("czyta@example.org", *SEEING)


@pytest.fixture
def clerk(db: None) -> User:
    return staff("pisze@example.org", *SEEING, "customers.change", "billing.change")


@pytest.fixture
def reading(reader: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(reader)


@pytest.fixture
def writing(clerk: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(clerk)


def text(client: Client, url: str, **filters: str) -> str:
    answer = client.get(url, filters)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def names(client: Client, **filters: str) -> list[str]:
    """Names in the list of customers, in its order."""
    return re.findall(
        r'<a href="/admin/kartoteka/klienci/podglad/\d+/">(.*?)</a>', text(client, CUSTOMERS, **filters)
    )


def link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def queries(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in caught.captured_queries]


def of_form(**typed: str) -> dict[str, str]:
    """What a browser sends of an empty form of a customer."""
    return {
        "code": "K-77",
        "name": "Jan Kowalski",
        "kind": "household",
        "status": "active",
        "settlement_form": "metered",
        "version": "",
        **typed,
    }


# Who may what ----------------------------------------------------------------------------


@pytest.mark.feature("H01")
def test_who_sees_does_not_change(reading: Client) -> None:
    customer = building.customer()
    one = f"{CUSTOMERS}podglad/{customer.pk}/"
    assert [reading.get(url).status_code for url in (*LISTS, one)] == [200] * 6
    page = text(reading, one)
    assert (">Popraw<" in page, "/nowy/" in page) == (False, False)
    closed = [f"{CUSTOMERS}nowy/", *(f"{CUSTOMERS}{what}/{customer.pk}/" for what in ("popraw", "usun"))]
    assert [reading.get(url).status_code for url in closed] == [302] * 3
    assert [reading.post(url, of_form()).status_code for url in closed] == [302] * 3
    assert reading.post(f"{CUSTOMERS}zatwierdz/{customer.pk}/").status_code == 302
    assert reading.get(CUSTOMERS, {"export": "csv"}).status_code == 302
    assert Customer.objects.get().name == "Anna Nowak"


def test_without_the_right_there_is_no_menu_and_no_list(
    editor: User, signed_in: Callable[[User], Client]
) -> None:
    without = signed_in(editor)
    assert [without.get(url).status_code for url in LISTS] == [302] * 5
    assert "Kartoteka" not in without.get("/admin/").content.decode()


def test_the_menu_is_there_for_who_may_see(reading: Client) -> None:
    page = text(reading, "/admin/")
    assert [word in page for word in ("Kartoteka", "Rozliczenia")] == [True, True]


def test_nothing_is_kept_by_a_cache(reading: Client) -> None:
    customer = building.customer()
    urls = (CUSTOMERS, f"{CUSTOMERS}podglad/{customer.pk}/")
    assert [reading.get(url)["Cache-Control"].partition(",")[0] for url in urls] == ["no-store"] * 2


def test_billing_stays_closed_on_the_page_of_a_customer(signed_in: Callable[[User], Client]) -> None:
    customer = building.customer()
    building.entry(customer, "123.45")
    client = signed_in(staff("kartoteka@example.org", "customers.view"))
    page = text(client, f"{CUSTOMERS}podglad/{customer.pk}/")
    assert ("123,45" in page, 'id="saldo"' in page) == (False, False)


# Lists ---------------------------------------------------------------------------------------


@pytest.mark.feature("L09")
def test_customers_are_found_by_name_code_nip_and_account(reading: Client) -> None:
    nowak = building.customer(code="K-000123", name="Anna Nowak", nip="5261040828")
    building.customer(code="K-000456", name="Jan Kowalski", virtual_account=NRB)
    kowalski = Customer.objects.get(code="K-000456")
    natural_keys.point("customers", "virtual_account", NRB, object_id=kowalski.pk, customer_id=kowalski.pk)
    assert names(reading, q="nowak") == ["Anna Nowak"]
    assert names(reading, q="K-000456") == ["Jan Kowalski"]
    assert names(reading, q="526-104-08-28") == [nowak.name]
    assert names(reading, q="12 9999 0000 1234 5678 0000 0096") == ["Jan Kowalski"]
    assert names(reading, q="nikt taki") == []
    assert "Nic takiego tu nie ma" in text(reading, CUSTOMERS, q="nikt taki")


def test_filters_narrow_down(reading: Client) -> None:
    building.customer(name="Gospodarstwo")
    building.customer(name="Firma", kind="company", status="closed")
    firm = Customer.objects.get(name="Firma")
    group = CustomerGroup.objects.create(pk=natural_keys.take("groups", "VIP"), code="VIP", name="Ważni")
    GroupMember.objects.create(customer=firm, group=group)
    assert names(reading, rodzaj="company") == ["Firma"]
    assert names(reading, stan="active") == ["Gospodarstwo"]
    assert names(reading, grupa=str(group.pk)) == ["Firma"]
    assert names(reading, pochodzenie="entered") == []
    assert names(reading, pochodzenie="imported") == ["Firma", "Gospodarstwo"]


def test_pages_follow_each_other_both_ways(reading: Client) -> None:
    for number in range(120):
        building.customer(name=f"Klient {number:03}")
    first = text(reading, CUSTOMERS)
    second = text(reading, CUSTOMERS + link(first, "next"))
    third = text(reading, CUSTOMERS + link(second, "next"))
    seen = [re.findall(r">Klient (\d+)</a>", page) for page in (first, second, third)]
    assert [name for page in seen for name in page] == [f"{number:03}" for number in range(120)]
    back = text(reading, CUSTOMERS + link(third, "prev"))
    assert re.findall(r">Klient (\d+)</a>", back) == seen[1]
    assert (link(first, "prev"), link(third, "next")) == ("", "")


def test_one_row_and_thirty_and_a_deep_page_take_the_same_queries_and_none_counts(reading: Client) -> None:
    for number in range(1):
        building.meter(building.point(building.customer(name=f"A{number}")))
    one = {url: queries(reading, url) for url in LISTS}
    for number in range(129):
        building.meter(building.point(building.customer(name=f"B{number:03}")))
    many = {url: queries(reading, url) for url in LISTS}
    # The estimate of PostgreSQL is one query more where there is more than a page.
    more = 1 if connection.vendor == "postgresql" else 0
    expected = {
        url: len(found) + (more if url not in (CONTRACTS, GROUPS) else 0) for url, found in one.items()
    }
    assert {url: len(found) for url, found in many.items()} == expected
    deep = CUSTOMERS + link(text(reading, CUSTOMERS), "next")
    deeper = queries(reading, deep)
    assert len(deeper) == len(many[CUSTOMERS])
    asked = [sql for found in (*many.values(), deeper) for sql in found]
    assert [sql for sql in asked if re.search(r"count\s*\(|offset", sql, re.IGNORECASE)] == []


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize(
    "asked",
    [
        "foo=bar",
        "name__startswith=a",
        "id__gt=zzz",
        "o=99",
        "p=abc",
        "e=1",
        "po=",
        "po=x",
        "po=[]",
        "po=[1,2,3]",
        'po=["%5Cu0000",1]',
        'po=["%5Cud800",1]',
        "po=[99999999999999999999]",
        'po=["x",99999999999999999999]',
        "po=[null,null]",
        "po=[[],{}]",
        "po=" + "[" * 900,
        "przed=%F0%9F%92%A7",
        "export=exe",
        "q=%27%22%3C%3E",
        "stan=zzz",
        "grupa=abc",
        "grupa=99999999999999999999",
        "opiekun=-1",
        "rodzaj=%5C",
        "q=" + "x" * 500,
    ],
)
def test_bad_parameters_are_no_errors(reading: Client, url: str, asked: str) -> None:
    building.customer()
    answer = reading.get(f"{url}?{asked}")
    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        assert (
            reading.get(answer["Location"] if answer["Location"].startswith("/") else url).status_code == 200
        )


@pytest.mark.parametrize("url", LISTS)
def test_unknown_parameters_lead_to_the_clean_list(reading: Client, url: str) -> None:
    answer = reading.get(f"{url}?name__startswith=x")
    assert (answer.status_code, answer["Location"]) == (302, url)


@pytest.mark.parametrize("url", LISTS)
def test_nul_is_refused(reading: Client, url: str) -> None:
    assert [reading.get(f"{url}?{name}=%00").status_code for name in ("q", "po", "foo")] == [400] * 3


@pytest.mark.parametrize(
    "key", ["abc", "0", "-1", "1.5", "99999999999999999999", "9223372036854775808", "%00"]
)
@pytest.mark.parametrize("what", ["podglad", "popraw", "usun", "zatwierdz"])
def test_keys_that_are_none_are_not_found(
    superuser: User, signed_in: Callable[[User], Client], what: str, key: str
) -> None:
    client = signed_in(superuser)
    assert client.get(f"{CUSTOMERS}{what}/{key}/").status_code in (400, 404)


def test_other_methods_are_refused_politely(reading: Client) -> None:
    assert [reading.post(CUSTOMERS).status_code, reading.delete(CUSTOMERS).status_code] == [405, 405]


# Export --------------------------------------------------------------------------------------


def test_exports_hold_no_live_formula_and_are_journalled(signed_in: Callable[[User], Client]) -> None:
    building.customer(name="=1+1", street="@SUM(A1)", phone="+48600100200")
    client = signed_in(staff("eksport@example.org", "customers.view", "customers.export"))
    answer = client.get(CUSTOMERS, {"export": "csv", "stan": "active"})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")), delimiter=";"))
    assert (rows[1][1], rows[1][7], rows[1][13]) == ("'=1+1", "'@SUM(A1)", "'+48600100200")
    assert "attachment" in answer["Content-Disposition"]
    book = client.get(CUSTOMERS, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(book)))
    cell = sheet.worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ("'=1+1", "s")
    told = [
        Detail.objects.get(event_id=event.pk).payload
        for event in Event.objects.filter(kind="customers.exported")
    ]
    assert sorted(told, key=str) == [{"filters": {"stan": "active"}}, {"filters": {}}]


def test_a_long_export_is_read_in_pieces(signed_in: Callable[[User], Client]) -> None:
    keys = NaturalKey.objects.bulk_create(
        NaturalKey(dataset="customers", key=f"X-{number:05}") for number in range(2_300)
    )
    Customer.objects.bulk_create(
        Customer(pk=key.pk, code=key.key, name=f"Klient {key.key}", changed_at=timezone.now()) for key in keys
    )
    client = signed_in(staff("eksport@example.org", "customers.view", "customers.export"))
    answer = client.get(CUSTOMERS, {"export": "csv"})
    with CaptureQueriesContext(connection) as caught:
        lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert len(lines) == 2_301
    assert len(set(lines)) == 2_301
    assert len(caught) == 3


# One customer --------------------------------------------------------------------------------


@pytest.mark.feature("C01")
@pytest.mark.feature("K16")
def test_the_page_of_a_customer_tells_everything(reading: Client, reader: User) -> None:
    customer = building.customer(
        code="K-1",
        name="Anna Nowak",
        street="ul. Lipowa",
        house="5",
        postcode="62-200",
        town="Lipowo",
        virtual_account=NRB,
        account_manager=reader,
    )
    building.entry(customer, "100.00", due_on=date(2020, 1, 1))
    building.entry(customer, "-30.00", kind="overpayment")
    building.contract(customer, number="U/2019/1")
    page = text(reading, f"{CUSTOMERS}podglad/{customer.pk}/")
    wanted = [
        "K-1",
        "Anna Nowak",
        "gospodarstwo domowe",
        "ul. Lipowa 5, 62-200 Lipowo",
        NRB,
        "U/2019/1",
        "czyta@example.org",
    ]
    assert [word for word in wanted if word not in page] == []
    plain = page.replace("\u00a0", " ").replace("\u202f", " ")
    assert [
        word for word in ("70,00 zł", "100,00 zł", "-30,00 zł") if word not in plain.replace("\u2212", "-")
    ] == []


@pytest.mark.feature("C03")
@pytest.mark.feature("C02")
def test_points_are_told_with_meter_and_contract(reading: Client) -> None:
    customer = building.customer()
    contract = building.contract(customer, number="U/7", valid_to=date(2030, 1, 31))
    point = building.point(
        customer,
        code="P-7",
        street="ul. Polna",
        house="1",
        town="Lipowo",
        contract=contract,
        registered_on=date(2019, 4, 1),
        changed_on=date(2024, 5, 6),
    )
    building.meter(point, number="M-7")
    page = text(reading, f"{CUSTOMERS}podglad/{customer.pk}/")
    wanted = ["P-7", "ul. Polna 1, Lipowo", "01.04.2019", "aktywny", "M-7", "06.05.2024", "U/7", "31.01.2030"]
    assert [word for word in wanted if word not in page] == []


@pytest.mark.feature("C04")
def test_a_meter_has_its_seventeen_fields(reading: Client) -> None:
    point = building.point(building.customer(), code="P-1", name="Dom")
    meter = building.meter(
        point,
        number="17-123",
        registers=2,
        mounted_on=date(2023, 5, 10),
        mounted_state=Decimal("1.5"),
        producer="Apator",
        diameter=20,
        connection_owner="odbiorca",
        verified_year=2023,
        verified_to=timezone.localdate() + timedelta(days=10),
        kind="JS 4-02",
        seal="PL-9",
        radio_number="R-5",
        radio_kind="wM-Bus",
    )
    building.reading(meter, date(2026, 4, 30), "412")
    building.reading(meter, date(2026, 5, 31), "421.5")
    page = text(reading, f"{METERS}podglad/{meter.pk}/")
    section = page[page.index('id="dane"') : page.index('id="wiecej"')]
    titles = re.findall(r"<dt>(.*?)</dt>", section)
    assert titles == [
        "Kod punktu",
        "Nazwa punktu",
        "Numer licznika",
        "Data montażu",
        "Stan w dniu montażu",
        "Producent",
        "Średnica [mm]",
        "Własność przyłącza",
        "Rok legalizacji",
        "Legalizacja ważna do",
        "Typ licznika",
        "Aktywny",
        "Nr plomby",
        "Nr nakładki radiowej",
        "Typ nakładki radiowej",
        "Data ostatniego odczytu",
        "Stan ostatniego odczytu",
    ]
    wanted = ["P-1", "17-123", "10.05.2023", "1,5", "Apator", "niedługo się kończy", "31.05.2026", "421,5 m³"]
    assert [word for word in wanted if word not in section] == []


@pytest.mark.feature("C05")
@pytest.mark.feature("C06")
def test_a_contract_and_a_point_tell_their_fields(reading: Client) -> None:
    customer = building.customer(name="Anna Nowak")
    contract = building.contract(
        customer,
        number="U/1",
        name="Umowa o wodę",
        concluded_with="Anna Nowak",
        concluded_on=date(2019, 3, 20),
    )
    point = building.point(
        customer, code="P-1", name="Dom", contract=contract, settlement_form="flat", norm_code="N1", persons=3
    )
    page = text(reading, f"{CONTRACTS}podglad/{contract.pk}/")
    assert [
        word
        for word in ("Umowa o wodę", "20.03.2019", "P-1", "Dom", "gospodarstwo domowe")
        if word not in page
    ] == []
    page = text(reading, f"{POINTS}podglad/{point.pk}/")
    assert [word for word in ("ryczałt", "N1", "U/1") if word not in page] == []


def test_the_page_of_a_customer_takes_the_same_queries_for_one_and_for_thirty(reading: Client) -> None:
    def furnish(customer: Customer, count: int) -> None:
        for number in range(count):
            point = building.point(customer, contract=building.contract(customer))
            building.reading(building.meter(point), date(2026, 1, 1) + timedelta(days=number), "5")
            building.invoice(customer, "10.00", date(2026, 1, 1))
            building.allocation(
                building.payment(customer, "5.00", date(2026, 1, 2)), building.entry(customer, "5.00"), "5.00"
            )

    poor, rich = building.customer(), building.customer()
    furnish(poor, 1)
    furnish(rich, 30)
    text(reading, f"{CUSTOMERS}podglad/{poor.pk}/")  # the first look makes the row of the exchange's settings
    few = queries(reading, f"{CUSTOMERS}podglad/{poor.pk}/")
    many = queries(reading, f"{CUSTOMERS}podglad/{rich.pk}/")
    assert len(many) == len(few)


def test_open_conflicts_are_told(reading: Client) -> None:
    customer = building.customer(code="K-9")
    delivery = Delivery.objects.create(profile="neutral", name="maj", sha256="0" * 64)
    part = DeliveryPart.objects.create(delivery=delivery, dataset="customers", member="customers.csv")
    Finding.objects.create(
        part=part, kind=FindingKind.CONFLICT, key="K-9", reason="Nazwa jest inna.", cells={"code": "K-9"}
    )
    assert "Nazwa jest inna." in text(reading, f"{CUSTOMERS}podglad/{customer.pk}/")
    assert "Nazwa jest inna." not in text(reading, f"{CUSTOMERS}podglad/{building.customer().pk}/")


@pytest.mark.feature("M08")
def test_a_row_says_where_it_came_from(superuser: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(superuser)
    customer = building.customer(batch_id=7)
    page = text(client, f"{CUSTOMERS}podglad/{customer.pk}/")
    assert '<a href="/admin/wymiana/7/">z dostawy nr 7</a>' in page
    Customer.objects.update(
        corrected_at=datetime(2026, 5, 14, 10, 30, tzinfo=timezone.get_default_timezone())
    )
    assert "poprawiono ręcznie 14.05.2026, 10:30" in text(client, f"{CUSTOMERS}podglad/{customer.pk}/")


def test_the_way_to_the_journal_shows_only_this_customer(
    superuser: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(superuser)
    client.post(f"{CUSTOMERS}nowy/", of_form())
    client.post(f"{CUSTOMERS}nowy/", of_form(code="K-78", name="Ewa Inna"))
    customer = Customer.objects.get(code="K-77")
    page = text(client, f"{CUSTOMERS}podglad/{customer.pk}/")
    url = f"/admin/dziennik/?klient={customer.pk}"
    assert url in page
    events = text(client, url)
    assert ("Jan Kowalski" in events, "Ewa Inna" in events) == (True, False)


# Entering and correcting -----------------------------------------------------------------


@pytest.mark.feature("L01")
def test_a_customer_is_added_in_groups(writing: Client, clerk: User) -> None:
    group = CustomerGroup.objects.create(pk=natural_keys.take("groups", "VIP"), code="VIP", name="Ważni")
    answer = writing.post(f"{CUSTOMERS}nowy/", {**of_form(nip="526-104-08-28"), "member_of": [str(group.pk)]})
    customer = Customer.objects.get()
    assert answer["Location"] == f"{CUSTOMERS}podglad/{customer.pk}/"
    assert (customer.nip, customer.source, customer.approved_at) == ("5261040828", Source.ENTERED, None)
    codes = customer.memberships.order_by("group__code").values_list("group__code", flat=True)
    assert list(codes) == ["CLIENTS", "VIP"]
    assert (
        Event.objects.get(
            kind="customers.entered", customer_id=customer.pk, object_type="customers.customer"
        ).actor_id
        == clerk.pk
    )


@pytest.mark.feature("L01")
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(writing: Client) -> None:
    answer = writing.post(
        f"{CUSTOMERS}nowy/", of_form(code="", nip="5261040829", postcode="6220", name="Jan <b>")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'class="error-message" id="id_(\w+)_error"', page) == ["code", "nip", "postcode"]
    assert ('value="5261040829"' in page, 'value="Jan &lt;b&gt;"' in page) == (True, True)
    assert re.findall(r'aria-describedby="(\S*id_nip_error)"', page) == ["id_nip_error"]
    assert Customer.objects.count() == 0


def test_a_code_that_is_taken_is_said_at_the_code(writing: Client) -> None:
    building.customer(code="K-77")
    page = writing.post(f"{CUSTOMERS}nowy/", of_form()).content.decode()
    assert re.findall(r'class="error-message" id="id_(\w+)_error"', page) == ["code"]


@pytest.mark.feature("L02")
def test_a_customer_is_corrected(writing: Client) -> None:
    customer = building.customer(code="K-1", name="Anna Nowak", email="anna@example.org", pesel_hash="a" * 64)
    customer.refresh_from_db()
    url = f"{CUSTOMERS}popraw/{customer.pk}/"
    version = re.search(r'name="version" value="([^"]+)"', text(writing, url))
    assert version is not None
    writing.post(url, of_form(code="K-1", name="Anna Nowak-Kowalska", version=version[1]))
    customer.refresh_from_db()
    assert (customer.name, customer.email, customer.pesel_hash) == ("Anna Nowak-Kowalska", "", "a" * 64)
    assert customer.corrected_at is not None


@pytest.mark.feature("L02")
def test_two_people_at_once_do_not_overwrite_each_other(writing: Client) -> None:
    customer = building.customer(code="K-1", name="Anna Nowak")
    customer.refresh_from_db()
    url, stale = f"{CUSTOMERS}popraw/{customer.pk}/", customer.changed_at.isoformat()
    writing.post(url, of_form(code="K-1", name="Pierwsza", version=stale))
    answer = writing.post(url, of_form(code="K-1", name="Druga", version=stale))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("Pierwsza" in page, 'value="Druga"' in page) == (True, True)
    assert Customer.objects.get().name == "Pierwsza"
    version = re.search(r'name="version" value="([^"]+)"', page)
    assert version is not None
    writing.post(url, of_form(code="K-1", name="Druga", version=version[1]))
    assert Customer.objects.get().name == "Druga"


def test_a_membership_given_by_the_billing_system_stays(writing: Client) -> None:
    customer = building.customer(code="K-1")
    group = CustomerGroup.objects.create(pk=natural_keys.take("groups", "VIP"), code="VIP", name="Ważni")
    GroupMember.objects.create(customer=customer, group=group, source=Source.IMPORTED)
    customer.refresh_from_db()
    url = f"{CUSTOMERS}popraw/{customer.pk}/"
    answer = writing.post(url, of_form(code="K-1", name="Inna", version=customer.changed_at.isoformat()))
    assert "Ważni" in answer.content.decode()
    assert (answer.status_code, Customer.objects.get().name) == (422, "Anna Nowak")


@pytest.mark.feature("M08")
def test_points_contracts_and_meters_are_entered_for_their_customer(writing: Client) -> None:
    customer, other = building.customer(code="K-1"), building.customer(code="K-2")
    theirs = building.contract(other, number="U/OBCA")
    writing.post(
        f"{CONTRACTS}nowy/", {"customer_code": "K-1", "number": "U/1", "recipient_kind": "household"}
    )
    point = {
        "customer_code": "K-1",
        "code": "P-1",
        "service": "water",
        "status": "active",
        "settlement_form": "metered",
    }
    refused = writing.post(f"{POINTS}nowy/", {**point, "contract_number": theirs.number})
    assert re.findall(r'id="id_(\w+)_error"', refused.content.decode())[0] == "contract_number"
    writing.post(f"{POINTS}nowy/", {**point, "contract_number": "U/1"})
    meter = {
        "customer_code": "K-1",
        "point_code": "P-1",
        "number": "M-1",
        "digits": "5",
        "decimals": "0",
        "role": "metered",
        "mounted_state": "1 234,5",
        "is_active": "on",
    }
    assert writing.post(f"{METERS}nowy/", {**meter, "point_code": "P-404"}).status_code == 422
    assert writing.post(f"{METERS}nowy/", meter).status_code == 302
    made = Meter.objects.select_related("point__contract").get()
    assert (made.customer_id, made.point.code, made.mounted_state) == (
        customer.pk,
        "P-1",
        Decimal("1234.500"),
    )
    assert made.point.contract is not None
    assert made.point.contract.number == "U/1"


def test_the_form_may_begin_with_the_customer(writing: Client) -> None:
    assert 'value="K-1"' in text(writing, f"{POINTS}nowy/", customer_code="K-1")


@pytest.mark.parametrize(
    "value", ["\x00", "a\x00b", "x" * 5000, "=1+1", "💧", "<script>", "99999999999999999999"]
)
@pytest.mark.parametrize("path", ["klienci", "umowy", "punkty", "liczniki", "grupy"])
def test_nothing_typed_is_an_error_of_ours(writing: Client, path: str, value: str) -> None:
    url = f"/admin/kartoteka/{path}/nowy/"
    fields = set(re.findall(r'name="(\w+)"', text(writing, url)))
    answer = writing.post(url, dict.fromkeys(fields - {"csrfmiddlewaretoken"}, value))
    assert answer.status_code in (302, 422)


# Approving and deleting ------------------------------------------------------------------


@pytest.mark.feature("K15")
def test_approved_customers_are_deleted_by_the_superadministrator_with_a_reason(
    writing: Client, superuser: User, signed_in: Callable[[User], Client]
) -> None:
    writing.post(f"{CUSTOMERS}nowy/", of_form())
    customer = Customer.objects.get()
    approving = signed_in(staff("zatwierdza@example.org", "customers.view", "customers.approve"))
    approving.post(f"{CUSTOMERS}zatwierdz/{customer.pk}/")
    url = f"{CUSTOMERS}usun/{customer.pk}/"
    assert writing.post(url, {"reason": "pomyłka"}).status_code == 302
    assert Customer.objects.count() == 1
    root = signed_in(superuser)
    assert "Powód" in text(root, url)
    refused = root.post(url, {"reason": " "})
    assert (refused.status_code, Customer.objects.count()) == (422, 1)
    assert root.post(url, {"reason": "wpisany dwa razy"})["Location"] == CUSTOMERS
    assert Customer.objects.count() == 0
    event = Event.objects.get(kind="customers.deleted")
    assert Detail.objects.get(event_id=event.pk).payload["reason"] == "wpisany dwa razy"


@pytest.mark.feature("L01")
def test_why_a_customer_stays_is_a_sentence(superuser: User, signed_in: Callable[[User], Client]) -> None:
    customer = building.customer()
    building.point(customer)
    answer = signed_in(superuser).post(f"{CUSTOMERS}usun/{customer.pk}/", {"reason": "porządki"})
    page = answer.content.decode()
    assert (answer.status_code, "punkty" in page, Customer.objects.count()) == (422, True, 1)


def test_what_is_not_approved_goes_with_who_entered_it(writing: Client) -> None:
    writing.post(f"{CUSTOMERS}nowy/", of_form())
    writing.post(f"{CUSTOMERS}usun/{Customer.objects.get().pk}/", {"reason": ""})
    assert Customer.objects.count() == 0


@pytest.mark.feature("K12")
def test_renewing_without_a_system_to_ask_is_a_sentence(
    superuser: User, signed_in: Callable[[User], Client]
) -> None:
    customer = building.customer()
    client = signed_in(superuser)
    client.post(f"{CUSTOMERS}odswiez/{customer.pk}/")
    assert "o jednego klienta" in text(client, f"{CUSTOMERS}podglad/{customer.pk}/").replace("\n", " ")
    assert Reading.objects.count() == 0
