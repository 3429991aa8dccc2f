"""The administrator's screens of arrangements (K20-K22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from ebok.accounts.models import User
from ebok.customers.models import CustomerGroup
from ebok.exchange import natural_keys
from ebok.journal.models import Event
from ebok.plugins.activation import disable, enabled_keys
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld
from ebok.zones.cards import cards_of_zone, queries_of
from ebok_plugins.client_zone import arranging, placing
from ebok_plugins.client_zone.models import CardArrangement

BALANCE = "client_zone-balance"
LIST, NEW = "client_zone_arrangements", "client_zone_arrangement_new"

pytestmark = pytest.mark.django_db
Enter = Callable[[User | None], Client]


@pytest.fixture
def administrator(home: SampleWorld, as_user: Enter) -> Client:
    CustomerGroup.objects.create(
        pk=natural_keys.take("groups", "FIRMS"), code="FIRMS", name="Firmy", **mirror.IMPORTED
    )
    who = person("admin@example.org", permissions=["client_zone.arrange_cards"])
    who.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return as_user(User.objects.get(pk=who.pk))


def sent(world: SampleWorld, **fields: Any) -> dict[str, Any]:
    """The form as a person would send it, cards in the order of their modules."""
    data: dict[str, Any] = {"site": world.site.pk, "group_code": "FIRMS", "order": 10, "report": ""}
    for number, card in enumerate(cards_of_zone("client"), start=1):
        data[f"shown-{card.key}"] = "on"
        data[f"place-{card.key}"] = number * 10
        data[f"width-{card.key}"] = 0
    data.update(fields)
    return {name: value for name, value in data.items() if value is not None}


@pytest.mark.feature("K20")
@pytest.mark.feature("K21")
def test_an_administrator_arranges_a_group(home: SampleWorld, administrator: Client) -> None:
    assert "FIRMS" in administrator.get(reverse(NEW)).content.decode()
    chosen = {
        f"shown-{BALANCE}": None,
        "place-client_zone-consumption": 1,
        "width-client_zone-consumption": 8,
        "report": "payments",
    }
    answer = administrator.post(reverse(NEW), sent(home, **chosen))
    assert (answer.status_code, answer["Location"]) == (302, reverse(LIST))
    made = CardArrangement.objects.get()
    places = placing.read_places(made.places)
    assert (places[0].card, places[0].width) == ("client_zone-consumption", 8)
    assert [place.card for place in places if not place.is_shown] == [BALANCE]
    assert (made.group_code, made.report) == ("FIRMS", "payments")
    assert Event.objects.filter(kind="client_zone.cards_arranged").count() == 1
    listed = administrator.get(reverse(LIST)).content.decode()
    assert "Firmy" in listed
    assert "Ostatnie wpłaty" in listed


def test_changing_and_deleting(home: SampleWorld, administrator: Client) -> None:
    administrator.post(reverse(NEW), sent(home))
    made = CardArrangement.objects.get()
    address = reverse("client_zone_arrangement", args=[made.pk])
    assert administrator.get(address).status_code == 200
    administrator.post(address, sent(home, order=3))
    made.refresh_from_db()
    assert made.order == 3
    gone = reverse("client_zone_arrangement_delete", args=[made.pk])
    assert administrator.get(gone).status_code == 200
    assert CardArrangement.objects.exists()
    administrator.post(gone)
    assert not CardArrangement.objects.exists()
    assert administrator.get(address).status_code == 404
    assert Event.objects.filter(kind="client_zone.cards_arranged").count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"group_code": "NOBODY"},
        {"site": "x"},
        {"order": "-1"},
        {"order": "9" * 40},
        {f"place-{BALANCE}": "first"},
        {f"place-{BALANCE}": None},
        {f"width-{BALANCE}": "3"},
        {"report": "no_such"},
    ],
)
def test_wrong_input_is_explained(wrong: dict[str, Any], home: SampleWorld, administrator: Client) -> None:
    answer = administrator.post(reverse(NEW), sent(home, **wrong))
    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    assert not CardArrangement.objects.exists()


def test_one_arrangement_for_a_group(home: SampleWorld, administrator: Client) -> None:
    administrator.post(reverse(NEW), sent(home))
    answer = administrator.post(reverse(NEW), sent(home))
    assert "Ta grupa ma już układ" in answer.content.decode()
    assert CardArrangement.objects.count() == 1


@pytest.mark.feature("K22")
def test_too_many_queries_are_refused(
    home: SampleWorld, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = [card.card for card in cards_of_zone("client") if card.owner in enabled_keys(home.site)]
    needed = queries_of(on, asked={arranging.ARRANGEMENT})
    monkeypatch.setattr(arranging, "MOST_QUERIES", needed - 1)
    answer = administrator.post(reverse(NEW), sent(home))
    said = str(answer.context["form"].non_field_errors())
    assert f"Te kafelki razem pytają bazę {needed} razy" in said
    assert not CardArrangement.objects.exists()
    fewer = sent(home, **{f"shown-{BALANCE}": None})
    assert administrator.post(reverse(NEW), fewer).status_code == 302


@pytest.mark.parametrize("name", [LIST, NEW])
def test_only_for_those_who_may(name: str, home: SampleWorld, administrator: Client, as_user: Enter) -> None:
    other = person("inny@example.org")
    other.user_permissions.add(Permission.objects.get(codename="access_admin"))
    refused = as_user(other).post(reverse(name), sent(home))
    assert refused.status_code in (302, 403)
    assert not CardArrangement.objects.exists()
    disable(home.site, "employee_zone")
    disable(home.site, "client_zone")
    assert administrator.get(reverse(name)).status_code == 404
