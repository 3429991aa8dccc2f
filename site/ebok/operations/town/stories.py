"""Customers of whom something is known beforehand: the town's first ones, in every town alike.

`docs/demo-town.md` tells what each is for. A town of fewer customers has only the first stories.
"""

from __future__ import annotations

from ebok.operations.town.streets import Address
from ebok.operations.town.wishes import Paying, Wish

HOME = 1
MOVING_IN = 2
DUAL_TARIFF = 3
MANAGER = 4
OVERPAID = 5
NOT_DUE = 6
OVERDUE_30 = 7
OVERDUE_60 = 8
OVERDUE_90 = 9
OVERDUE_180 = 10
OVERDUE_365 = 11
OVERDUE_YEARS = 12
DEBTOR = 13
LEAK = 14
STUCK_METER = 15
EXCHANGE = 16
CORRECTIONS = 17
NO_METER = 18
TENANT_BEFORE = 19
TENANT_AFTER = 20
KSEF_OFFLINE = 21
CLOSED = 22
LONG_NAME = 23
POLISH_LETTERS = 24
LEGALISATION_ENDS = 25
REJECTED_READING = 26
RETURNED_PAYMENT = 27
HEAT = 28
SUSPENDED = 29
RAIN_AND_WASTE = 30
ESTIMATED = 31
GARDEN = 32

DEMO_CLIENT = HOME
"""The customer of the demo's account klient@lipowo.example."""

MANAGED_POINTS = 40

BUCKETS = {
    NOT_DUE: (-60, 0),
    OVERDUE_30: (1, 30),
    OVERDUE_60: (31, 60),
    OVERDUE_90: (61, 90),
    OVERDUE_180: (91, 180),
    OVERDUE_365: (181, 365),
    OVERDUE_YEARS: (366, 460),
}
"""Days overdue at the end of the window of the one document each of them left unpaid."""

_LONG = (
    "Przedsiębiorstwo Produkcyjno-Handlowo-Usługowo-Transportowe i Doradczo-Szkoleniowe „Międzygminna"
    " Konfederacja Wytwórców Wyrobów Włókienniczych, Żywnościowych i Rękodzielniczych Ziemi Lipowskiej”"
    " spółka z ograniczoną odpowiedzialnością spółka komandytowa"
)


def code_of(index: int) -> str:
    """The code of the customer of this number."""
    return f"K-{index:06d}"


def _debt(story: int) -> Wish:
    return Wish(persons=3, lag=0, paying=Paying(bucket=BUCKETS[story], chased=False))


STORIES: dict[int, Wish] = {
    HOME: Wish(
        name="Maria Wiśniewska",
        address=Address("ul. Ogrodowa", "14", "3"),
        contract="UM/2019/0412",
        email="klient@lipowo.example",
        persons=3,
        garden=True,
        waste=True,
        lag=0,
        paying=Paying("online", delay=-2),
    ),
    MOVING_IN: Wish(
        name="Łukasz Żak",
        address=Address("ul. Młyńska", "9"),
        email="lukasz.zak@lipowo.example",
        persons=2,
        began=3,
        radio=False,
        lag=0,
        paying=Paying("blik"),
    ),
    DUAL_TARIFF: Wish(persons=4, power=True, lag=0, paying=Paying("debit", delay=0)),
    MANAGER: Wish(
        kind="company",
        name="Zarządca Nieruchomości „Lokum” sp. z o.o.",
        address=Address("ul. Ratuszowa", "3"),
        letters_to=("Zarządca Nieruchomości „Lokum” – księgowość", Address("pl. Wolności", "1", "12")),
        persons=20,
        points=MANAGED_POINTS,
        lag=0,
        paying=Paying("transfer", delay=0),
    ),
    OVERPAID: Wish(persons=2, lag=0, paying=Paying("transfer", standing=1300)),
    **{story: _debt(story) for story in BUCKETS},
    DEBTOR: Wish(persons=5, lag=0, paying=Paying("cash", delay=6, stopped=16)),
    LEAK: Wish(persons=2, leak=3, lag=0),
    STUCK_METER: Wish(persons=3, stuck=7, radio=False, lag=0),
    EXCHANGE: Wish(persons=4, exchanged=8, lag=0),
    CORRECTIONS: Wish(persons=4, corrections=2, lag=0),
    NO_METER: Wish(persons=4, norm="N3", cycle=2, lag=0, paying=Paying("cash", delay=-1)),
    TENANT_BEFORE: Wish(
        name="Henryk Sadowski",
        address=Address("ul. Lipowa", "5", "3"),
        persons=1,
        radio=False,
        ended=8,
        status="closed",
        meter="22-000019",
        meter_stays=False,
    ),
    TENANT_AFTER: Wish(
        name="Kinga Sobczak",
        address=Address("ul. Lipowa", "5", "3"),
        persons=3,
        radio=False,
        began=7,
        meter="22-000019",
        takes_over=TENANT_BEFORE,
        lag=0,
        paying=Paying("blik", delay=-4),
    ),
    KSEF_OFFLINE: Wish(
        kind="company",
        name="Browar „Nad Strugą” sp. z o.o.",
        address=Address("ul. Fabryczna", "2"),
        persons=90,
        rain=True,
        offline=True,
        lag=0,
        paying=Paying("transfer", delay=-1),
    ),
    CLOSED: Wish(persons=2, ended=6, status="closed", lag=0),
    LONG_NAME: Wish(kind="company", name=_LONG, persons=12, lag=0),
    POLISH_LETTERS: Wish(name="Świętosława Łódź-Żółć", persons=2, lag=0, paying=Paying("card", delay=-6)),
    LEGALISATION_ENDS: Wish(persons=3, legal_days=60, lag=0),
    REJECTED_READING: Wish(persons=3, radio=False, rejected=True, control=True, lag=0),
    RETURNED_PAYMENT: Wish(persons=2, lag=0, paying=Paying("debit", delay=-1, returned=True)),
    HEAT: Wish(kind="community", persons=36, heat=True, points=2, lag=0, paying=Paying("transfer", delay=-2)),
    SUSPENDED: Wish(kind="company", status="suspended", persons=8, lag=0, paying=Paying(stopped=5)),
    RAIN_AND_WASTE: Wish(kind="institution", persons=40, rain=True, waste=True, lag=0),
    ESTIMATED: Wish(persons=3, radio=False, estimated=10, lag=0),
    GARDEN: Wish(persons=4, garden=True, radio=False, cycle=2, lag=0),
}
"""What is wished for by the customer's number; everybody else is drawn."""

FIRST_ORDINARY = max(STORIES) + 1
