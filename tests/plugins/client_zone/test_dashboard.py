"""The dashboard: cards about money and usage, arranged for groups and by clients (K20-K23)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from ebok.accounts.models import User
from ebok.billing.models import ReadingKind, ReadingState
from ebok.customers.access import give_access
from ebok.customers.models import CustomerGroup, GroupMember, Scope
from ebok.exchange import natural_keys
from ebok.journal.models import Detail, Event
from ebok.plugins.activation import disable
from ebok.ports import DashboardCard
from ebok.testing import mirror, samples
from ebok.testing.people import person
from ebok.testing.queries import exactly_queries
from ebok.testing.samples import SampleWorld
from ebok.zones.acting import VIEWED_AS
from ebok.zones.cards import cards_of_zone, queries_of
from ebok_plugins.client_zone import arranging, placing
from ebok_plugins.client_zone.models import CardArrangement, OwnCards
from ebok_plugins.client_zone.placing import Place
from ebok_plugins.client_zone.reports import REPORTS

TODAY = date(2026, 6, 15)
BALANCE, READING, USAGE = "client_zone-balance", "client_zone-reading", "client_zone-consumption"
REPORT, REQUEST, DOCUMENT = "client_zone-report", "client_zone-add-request", "client_zone-add-document"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel("2026-06-15 12:00+02:00", tick=False):
        yield


def front(client: Client) -> Any:
    answer = client.get(reverse("client:client_zone:dashboard"))
    assert answer.status_code == 200
    return answer


def text_of(answer: Any) -> str:
    return str(answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " "))


def keys(answer: Any) -> list[str]:
    return [card.key for card in answer.context["cards"]]


def measured(world: SampleWorld, kind: int = ReadingKind.ACTUAL) -> None:
    meter = mirror.meter(mirror.point(world.customer, name="Łazienka"))
    for number in range(14):
        day = date(2026, 5, 20) - timedelta(days=30 * number)
        mirror.reading(meter, day, str(500 - number), usage=Decimal(1), state=ReadingState.SETTLED, kind=kind)


def group(world: SampleWorld, code: str) -> CustomerGroup:
    made = CustomerGroup.objects.create(
        pk=natural_keys.take("groups", code), code=code, name=code.title(), **mirror.IMPORTED
    )
    GroupMember.objects.create(customer=world.customer, group=made, **mirror.IMPORTED)
    return made


def arrange(world: SampleWorld, *places: Place, code: str = "", **fields: Any) -> CardArrangement:
    return CardArrangement.objects.create(
        site=world.site, group_code=code, places=placing.written_places(places), **fields
    )


# Cards ---------------------------------------------------------------------------------------


@pytest.mark.feature("D14")
def test_the_balance_says_what_is_late_in_words(home: SampleWorld, owner: Client) -> None:
    mirror.entry(home.customer, "128.40", due_on=date(2026, 4, 30))
    mirror.entry(home.customer, "100.00", due_on=date(2026, 6, 21))
    text = text_of(front(owner))
    assert ">228,40 <small>" in text
    assert "1 faktura jest po terminie." in text
    assert "128,40 zł, termin minął 30 kwietnia 2026." in text
    assert "Najbliższy termin: 21 czerwca." in text
    assert "eb-note--bad" in text


def test_the_next_reading_is_told_from_the_rhythm(home: SampleWorld, owner: Client) -> None:
    measured(home)
    text = text_of(front(owner))
    assert "około 19 czerwca" in text
    assert "zostały 4 dni" in text
    assert "Łazienka, 20 maja" in text
    assert "500 m³" in text
    assert "zdalnie" not in text


def test_radio_meters_ask_nothing_of_people(home: SampleWorld, owner: Client) -> None:
    measured(home, ReadingKind.REMOTE)
    assert "Odczytujemy go radiowo" in text_of(front(owner))


@pytest.mark.feature("F10")
def test_usage_is_a_chart_with_its_table(home: SampleWorld, owner: Client) -> None:
    measured(home)
    text = text_of(front(owner))
    assert "Zużycie wody" in text
    assert "eb-chart" in text
    assert "w 12 miesięcy" in text


def test_a_customer_without_a_meter_has_no_card_and_no_hole(home: SampleWorld, owner: Client) -> None:
    answer = front(owner)
    assert READING not in keys(answer)
    assert answer.context["cards"][0].key == BALANCE
    assert answer.context["cards"][0].width in (6, 12)


def test_a_tenant_of_readings_sees_no_money(home: SampleWorld, as_user: Any) -> None:
    measured(home)
    mirror.entry(home.customer, "777.00", due_on=TODAY)
    arrange(home, report="open")
    tenant = person("lokator@example.org")
    give_access(home.customer, tenant, role="tenant", scopes=[Scope.READINGS])
    answer = front(as_user(tenant))
    assert {READING, USAGE} <= set(keys(answer))
    assert {BALANCE, REPORT, REQUEST}.isdisjoint(keys(answer))
    assert "777" not in text_of(answer)


# The limit of queries --------------------------------------------------------------------------

FRAME = 6


@pytest.mark.parametrize("count", [1, 30])
def test_all_cards_together_take_six_queries(count: int, home: SampleWorld, owner: Client) -> None:
    """With outages and the notice board, nothing kept: a test runs inside a transaction."""
    samples.populate(home, count)
    CardArrangement.objects.update(report="")
    front(owner)
    with exactly_queries(FRAME + arranging.MOST_QUERIES):
        answer = front(owner)
    assert {BALANCE, READING, USAGE, "client_zone-outages", "client_zone-board"} <= set(keys(answer))


@pytest.mark.feature("K22")
@pytest.mark.parametrize("count", [1, 30])
def test_with_a_report_it_is_one_more_and_still_six_in_operation(
    count: int, home: SampleWorld, owner: Client
) -> None:
    """Outages and the board are kept between publications; here they are asked each time."""
    samples.populate(home, count)
    for report in sorted(REPORTS):
        CardArrangement.objects.update(report=report)
        front(owner)
        with exactly_queries(FRAME + arranging.MOST_QUERIES + 1):
            assert REPORT in keys(front(owner)), report


def test_every_card_there_is_fits_the_limit() -> None:
    """Of all plugins in this distribution, a report included; the sample plugin is not one of them."""
    arranging.check_queries(card for card in cards_of_zone("client") if card.owner != "noticeboard")


def test_the_limit_is_counted_with_what_cards_share() -> None:
    def card(**fields: Any) -> DashboardCard:
        return DashboardCard(
            zone="client", key="x", title="x", template="x", context=lambda _request: None, **fields
        )

    shared = [card(queries=1, shares="a"), card(queries=2, shares="a")]
    assert queries_of(shared) == 2
    assert queries_of(shared, asked={"a"}) == 1
    assert queries_of([card(queries=3), card(queries=9, kept=True)]) == 3


# Groups --------------------------------------------------------------------------------------


@pytest.mark.feature("K20")
@pytest.mark.feature("K21")
def test_a_group_has_its_own_cards_order_and_widths(home: SampleWorld, owner: Client, as_user: Any) -> None:
    group(home, "FIRMS")
    measured(home)
    arrange(home, Place(USAGE), Place(READING, is_shown=False), Place(BALANCE, width=12), code="FIRMS")
    answer = front(owner)
    assert keys(answer)[:2] == [USAGE, BALANCE]
    assert answer.context["cards"][1].width == 12
    assert READING not in keys(answer)
    other = front(as_user(home.other))
    assert keys(other)[0] == BALANCE


@pytest.mark.feature("K20")
def test_of_several_groups_the_lowest_number_counts(home: SampleWorld, owner: Client) -> None:
    group(home, "CLIENTS")
    group(home, "FIRMS")
    arrange(home, Place(BALANCE, is_shown=False), order=50)
    arrange(home, Place(BALANCE, is_shown=False), code="CLIENTS", order=40)
    arrange(home, Place(REQUEST), code="FIRMS", order=10)
    arrange(home, Place(REQUEST, is_shown=False), code="STRANGERS", order=1)
    assert keys(front(owner))[0] == REQUEST
    CardArrangement.objects.filter(group_code="FIRMS").delete()
    assert BALANCE not in keys(front(owner))


@pytest.mark.feature("K22")
def test_the_report_of_the_group(home: SampleWorld, owner: Client) -> None:
    mirror.entry(home.customer, "12.34", title="Faktura 9", due_on=date(2026, 6, 1))
    assert REPORT not in keys(front(owner))
    made = arrange(home, report="open")
    text = text_of(front(owner))
    assert "Co będzie do zapłaty" in text
    assert "Faktura 9" in text
    made.report = "gone"
    made.save()
    assert REPORT not in keys(front(owner))


@pytest.mark.feature("K23")
def test_ways_to_a_request_and_a_document_where_a_module_offers_them(
    home: SampleWorld, owner: Client, enable: Callable[..., None]
) -> None:
    answer = front(owner)
    assert REQUEST in keys(answer)
    assert reverse("client:client_zone:new_request") in text_of(answer)
    assert DOCUMENT not in keys(answer)
    enable("e_dokument")
    answer = front(owner)
    assert DOCUMENT in keys(answer)
    assert reverse("public:e_dokument:list") in text_of(answer)
    disable(home.site, "e_dokument")
    assert DOCUMENT not in keys(front(owner))


# A person's own --------------------------------------------------------------------------------


def press(client: Client, **button: str) -> Any:
    return client.post(reverse("client:client_zone:own_cards"), button)


@pytest.mark.feature("K21")
def test_a_client_hides_and_moves_cards_without_scripts(home: SampleWorld, owner: Client) -> None:
    measured(home)
    assert keys(front(owner))[:3] == [BALANCE, READING, USAGE]
    answer = press(owner, down=BALANCE)
    assert answer.status_code == 302
    assert answer["Location"].endswith("#karta-2")
    press(owner, hide=USAGE)
    assert keys(front(owner))[:2] == [READING, BALANCE]
    assert USAGE not in keys(front(owner))
    listed = text_of(owner.get(reverse("client:client_zone:own_cards")))
    assert f'name="show" value="{USAGE}"' in listed
    press(owner, show=USAGE)
    assert USAGE in keys(front(owner))
    press(owner, reset="1")
    assert keys(front(owner))[:3] == [BALANCE, READING, USAGE]
    assert not OwnCards.objects.exists()
    texts = [detail.text for detail in Detail.objects.order_by("moment") if "Pulpit" in detail.text]
    assert texts[0] == "Pulpit: kafelek „Saldo” przesunięty w dół"
    assert len(texts) == 4


def test_a_client_cannot_bring_back_what_the_utility_hides(home: SampleWorld, owner: Client) -> None:
    arrange(home, Place(BALANCE, is_shown=False))
    before = Event.objects.count()
    press(owner, show=BALANCE)
    assert Event.objects.count() == before
    assert BALANCE not in keys(front(owner))


@pytest.mark.parametrize("button", [{"up": "nobody-knows"}, {"hide": "x" * 5000}, {}, {"fly": BALANCE}])
def test_buttons_that_are_none_change_nothing(
    button: dict[str, str], home: SampleWorld, owner: Client
) -> None:
    before = keys(front(owner))
    assert press(owner, **button).status_code == 302
    assert keys(front(owner)) == before
    assert not Event.objects.filter(kind="client_zone.own_cards_changed").exists()


def test_cards_of_a_module_that_is_off_keep_their_state(
    home: SampleWorld, owner: Client, enable: Callable[..., None]
) -> None:
    enable("e_dokument")
    press(owner, hide=DOCUMENT)
    disable(home.site, "e_dokument")
    press(owner, down=BALANCE)
    enable("e_dokument")
    assert DOCUMENT not in keys(front(owner))


def test_an_employee_who_looks_sees_the_utility_s_order_and_changes_nothing(
    home: SampleWorld, as_user: Callable[[User | None], Client]
) -> None:
    employee = person("podglad@example.org", permissions=["customers.view_as"])
    OwnCards.objects.create(
        user=employee, site=home.site, places=placing.written_places([Place(BALANCE, is_shown=False)])
    )
    client = as_user(employee)
    session = client.session
    session[VIEWED_AS] = home.customer.pk
    session.save()
    assert BALANCE in keys(front(client))
    press(client, reset="1")
    assert OwnCards.objects.count() == 1


def test_the_page_for_arranging_asks_no_card(home: SampleWorld, owner: Client) -> None:
    measured(home)
    address = reverse("client:client_zone:own_cards")
    owner.get(address)
    with exactly_queries(FRAME + 1):
        text = text_of(owner.get(address))
    assert len(re.findall(r"<li ", text)) == len(cards_of_zone("client")) - _off()


def _off() -> int:
    """Cards of modules that are off in these tests."""
    return sum(1 for card in cards_of_zone("client") if card.owner != "client_zone")
