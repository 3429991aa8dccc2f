"""Demo content: the streets of the fictional town of Lipowo, and outages past, present and planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from snippets.outages.feeds.issued import facts_of
from snippets.outages.models import (
    EffectChoice,
    KindChoice,
    Message,
    Outage,
    OutagePublication,
    OutageSettings,
    OutageStreet,
    OutageUpdate,
    Street,
    UpdateStatus,
    WaterPoint,
    WaterPointKind,
)

if TYPE_CHECKING:
    from ebok.operations.demo_world import World

TOWN = "Lipowo"
# A fictional town needs a place on no real map: these fields lie between villages.
SOUTH, WEST = 52.2200, 18.2500
ROW, COLUMN = 0.0013, 0.0021
"""Distance of the streets of the town's grid, in degrees."""

ACROSS = """Lipowa|Ogrodowa|Polna|Szkolna|Kościelna|Młyńska|Wodna|Rzeczna|Nadbrzeżna|Brzozowa|Dębowa|Klonowa
Jesionowa|Akacjowa|Kasztanowa|Jarzębinowa|Sosnowa|Świerkowa|Modrzewiowa|Wierzbowa|Topolowa|Bukowa
Grabowa|Leśna|Słoneczna|Pogodna|Wiosenna|Letnia|Jesienna|Zimowa|Zielona|Łąkowa|Kwiatowa|Różana
Tulipanowa|Fiołkowa|Konwaliowa|Malwowa|Wrzosowa|Makowa|Rumiankowa|Poziomkowa|Jagodowa|Malinowa
Wiśniowa|Czereśniowa|Jabłoniowa|Gruszowa|Śliwkowa|Morelowa|Orzechowa|Miodowa|Pszczela|Żurawia
Bociania|Jaskółcza|Słowicza|Skowronkowa|Sowia|Gołębia"""

ALONG = """Krótka|Parkowa|Długa|Prosta|Krzywa|Cicha|Spokojna|Dworcowa|Kolejowa|Targowa|Ratuszowa|Zamkowa
Mickiewicza|Słowackiego|Norwida|Kochanowskiego|Reja|Prusa|Sienkiewicza|Reymonta|Konopnickiej
Orzeszkowej|Tuwima|Brzechwy|Kopernika|Skłodowskiej-Curie|Chopina|Moniuszki|Paderewskiego|Matejki
Chełmońskiego|Kossaka|3 Maja|11 Listopada|1 Maja|Kościuszki|Piłsudskiego|Sikorskiego
Powstańców Wielkopolskich|Harcerska|Sportowa|Zdrowotna|Apteczna|Strażacka|Pocztowa|Młynarska
Garncarska|Kowalska|Rzemieślnicza|Tkacka|Piekarska|Ceglana|Fabryczna|Składowa|Przemysłowa
Wodociągowa|Studzienna|Źródlana|Hydrantowa|Zaciszna"""

OTHERS = [
    ("pl.", "Wolności"), ("pl.", "Targowy"), ("al.", "Niepodległości"), ("al.", "Jana Pawła II"),
    ("os.", "Zacisze"), ("os.", "Nad Strugą"), ("rondo", "Kupieckie"), ("skwer", "Harcerzy"),
]  # fmt: skip


def load_outages(world: World) -> None:
    """Streets and outages of the town; a second call changes nothing."""
    world.say("Outages: streets and notices …")
    _load_streets()
    settings = OutageSettings.for_site(world.site)
    if not settings.delivery_phone:
        settings.delivery_phone = "994"
        settings.save()
    if Outage.objects.filter(site=world.site).exists():
        return
    streets = {street.name: street for street in Street.objects.filter(locality=TOWN).exclude(prefix="al.")}
    for story in _stories(world.now):
        _tell(story, world, streets)


def _load_streets() -> None:
    """About 130 streets on a grid, so that plans can be drawn."""
    streets = [
        *_drawn(ACROSS, _across()),
        *_drawn(ALONG, _along()),
        *(Street(locality=TOWN, prefix=prefix, name=name) for prefix, name in OTHERS),
    ]
    for number, street in enumerate(streets, start=1):
        # Real SYM and SYM_UL have other ranges; these belong to no place.
        street.sym, street.sym_ul = "0999999", f"{90000 + number}"
        street.set_keys()
    Street.objects.bulk_create(streets, ignore_conflicts=True)


_Ends = tuple[float, float, float, float]
"""Column and row of both ends of a street on the town's grid."""


def _across() -> list[_Ends]:
    """Streets from west to east; ul. Lipowa comes first."""
    ways = [(part * 3 - 1.0, row, part * 3 + 2.0, row) for row in range(0, 14, 2) for part in range(9)]
    return [(2.0, 6, 5.0, 6), *(ends for ends in ways if ends != (2.0, 6, 5.0, 6))]


def _along() -> list[_Ends]:
    """Streets from south to north; ul. Krótka and Parkowa, which meet ul. Lipowa, come first."""
    ways = [(column, part * 2.0, column, part * 2.0 + 2) for column in range(2, 28, 2) for part in range(6)]
    first = [(4, 4.0, 4, 6.0), (2, 6.0, 2, 8.0)]
    return [*first, *(ends for ends in ways if ends not in first)]


def _drawn(names: str, courses: list[_Ends]) -> list[Street]:
    """Streets with their courses."""
    return [
        Street(locality=TOWN, prefix="ul.", name=name, line=f"{_place(*ends[:2])} {_place(*ends[2:])}")
        for name, ends in zip(names.replace("\n", "|").split("|"), courses, strict=False)
    ]


def _place(column: float, row: float) -> str:
    return f"{SOUTH + row * ROW:.4f},{WEST + column * COLUMN:.4f}"


@dataclass
class _Story:
    """One outage of the demo. Times are given; `published` is when people first read of it."""

    kind: str
    start: datetime
    end: datetime | None
    streets: Sequence[tuple[str, str]]
    published: datetime
    effect: str = EffectChoice.NO_WATER
    ended: datetime | None = None
    texts: dict[str, str] = field(default_factory=dict)
    updates: Sequence[dict[str, Any]] = ()
    points: Sequence[dict[str, Any]] = ()


def _tell(story: _Story, world: World, streets: dict[str, Street]) -> None:
    """Make and publish one outage. The future ones go the whole way, guard and journal included."""
    outage = Outage(
        site=world.site,
        kind=story.kind,
        effect=story.effect,
        starts_at=story.start,
        expected_end=story.end,
        ended_at=story.ended,
        live=False,
        **story.texts,
    )
    outage.streets.set(
        [
            OutageStreet(street=streets[name], numbers=numbers, sort_order=order)
            for order, (name, numbers) in enumerate(story.streets)
        ]
    )
    outage.updates.set([OutageUpdate(**update) for update in story.updates])
    outage.water_points.set(
        [WaterPoint(**point, sort_order=order) for order, point in enumerate(story.points)]
    )
    outage.save()
    revision = outage.save_revision(user=world.users.get("editor"))
    if story.published >= world.now:
        revision.publish(user=world.users.get("editor"))
        return
    # What was published in the past is put down as it was; publishing it today would break rules.
    Outage.objects.filter(pk=outage.pk).update(
        live=True,
        has_unpublished_changes=False,
        live_revision=revision,
        first_published_at=story.published,
        last_published_at=max([story.published, *(update["moment"] for update in story.updates)]),
    )
    OutagePublication.objects.create(
        outage=outage,
        sequence=0,
        moment=story.published,
        starts_at=story.start,
        message=Message.ALERT,
        facts=facts_of(outage, story.published),
    )


def _stories(now: datetime) -> list[_Story]:
    now = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    return [*_past(now), *_current(now), *_planned(now)]


def _at(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """A local hour of a day counted from today."""
    day = timezone.localtime(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return day + timedelta(days=days)


def _current(now: datetime) -> list[_Story]:
    """The burst pipe of the design, and lower pressure on a hill."""
    half = timedelta(minutes=30)
    end = now + timedelta(hours=3)
    end = end.replace(minute=0) + (half if end.minute >= 30 else timedelta())
    return [
        _Story(
            kind=KindChoice.RESTRICTION,
            effect=EffectChoice.LOW_PRESSURE,
            start=now - timedelta(days=1, hours=4),
            end=now + timedelta(days=2),
            published=now - timedelta(days=1, hours=5),
            streets=[("Słoneczna", ""), ("Pogodna", ""), ("Wiosenna", "1–27, nieparzyste")],
            texts={
                "cause": "Czyścimy zbiornik na wzgórzu. Na wyższych piętrach woda może płynąć słabiej.",
                "cause_en": "We are cleaning the hilltop reservoir. Water may run weaker on upper floors.",
                "advice": "Pralkę i zmywarkę włącz wieczorem.",
                "advice_en": "Run washing machines and dishwashers in the evening.",
            },
            updates=[
                {
                    "moment": now - timedelta(days=1, hours=4),
                    "status": UpdateStatus.REPAIR,
                    "text": "Opróżniliśmy pierwszą komorę zbiornika.",
                    "text_en": "The first chamber of the reservoir is empty.",
                }
            ],
        ),
        _Story(
            kind=KindChoice.FAILURE,
            start=now - timedelta(minutes=100),
            end=end,
            published=now - timedelta(minutes=90),
            streets=[("Lipowa", "2–40, parzyste"), ("Krótka", "1–12"), ("Parkowa", "3, 5, 7")],
            texts={
                "title": "Brak wody: ul. Lipowa i Krótka",
                "title_en": "No water: ul. Lipowa and Krótka",
                "cause": "Pękła rura o średnicy 200 mm. Po naprawie woda może być przez chwilę mętna: "
                "odkręć zimną i poczekaj, aż będzie czysta.",
                "cause_en": "A 200 mm pipe burst. After the repair the water may be cloudy for a while: "
                "run the cold tap until it is clear.",
            },
            updates=[
                {
                    "moment": now - timedelta(minutes=100),
                    "status": UpdateStatus.REPORTED,
                    "text": "Dziękujemy mieszkance ul. Lipowej.",
                    "text_en": "Thank you to a resident of ul. Lipowa.",
                },
                {
                    "moment": now - timedelta(minutes=60),
                    "status": UpdateStatus.CREW,
                    "text": "Zamknęliśmy zasuwy.",
                    "text_en": "We closed the valves.",
                },
                {
                    "moment": now - timedelta(minutes=15),
                    "status": UpdateStatus.REPAIR,
                    "text": "Wymieniamy 4 metry rury.",
                    "text_en": "We are replacing 4 metres of pipe.",
                },
            ],
            points=[
                {
                    "kind": WaterPointKind.TANKER,
                    "place": "Cysterna, róg Lipowej i Parkowej",
                    "place_en": "Tanker, corner of Lipowa and Parkowa",
                    "description": "weź czyste naczynie",
                    "description_en": "bring a clean container",
                    "opens_at": now - timedelta(minutes=50),
                    "closes_at": now + timedelta(hours=6),
                    **_position(1.6, 6.0),
                },
                {
                    "kind": WaterPointKind.TAP,
                    "place": "Szkoła nr 3, ul. Krótka 12",
                    "place_en": "School no. 3, ul. Krótka 12",
                    "description": "kran przy wejściu",
                    "description_en": "tap by the entrance",
                    "opens_at": now - timedelta(minutes=20),
                    "closes_at": now + timedelta(hours=5),
                    **_position(4.0, 3.7),
                },
            ],
        ),
    ]


def _position(column: float, row: float) -> dict[str, Decimal]:
    latitude, longitude = _place(column, row).split(",")
    return {"latitude": Decimal(latitude), "longitude": Decimal(longitude)}


def _planned(now: datetime) -> list[_Story]:
    """Works ahead: three in time, and one that breaks the seven-day rule with a reason."""
    return [
        _Story(
            kind=KindChoice.PLANNED,
            start=_at(now, 3, 8),
            end=_at(now, 3, 13),
            published=now,
            streets=[("Młyńska", "1–25")],
            texts={
                "cause": "Wymiana zasuwy, która nie domyka się od piątku. Cysterna stanie przy szkole.",
                "cause_en": "We replace a valve that has not closed tight since Friday. "
                "A tanker will stand by the school.",
                "advice": "Nabierz wody do picia i gotowania dzień wcześniej.",
                "advice_en": "Keep some water for drinking and cooking the day before.",
                "override_reason": "Zasuwa może puścić w każdej chwili; czekanie siedmiu dni grozi zalaniem "
                "piwnic. Zgoda kierownika sieci z dziś, zarządcy powiadomieni telefonicznie.",
            },
            points=[
                {
                    "kind": WaterPointKind.TANKER,
                    "place": "Cysterna przy Szkole nr 1, ul. Młyńska 8",
                    "place_en": "Tanker by School no. 1, ul. Młyńska 8",
                    "description": "podjazd bez progu",
                    "description_en": "step-free access",
                    "opens_at": _at(now, 3, 8, 30),
                    "closes_at": _at(now, 3, 14),
                    **_position(15.2, 0.0),
                }
            ],
        ),
        _Story(
            kind=KindChoice.PLANNED,
            effect=EffectChoice.LOW_PRESSURE,
            start=_at(now, 9, 22),
            end=_at(now, 10, 4),
            published=now - timedelta(days=1),
            streets=[("Zacisze", "")],
            texts={
                "cause": "Płukanie sieci.",
                "cause_en": "Flushing the network.",
                "advice": "Rano odkręć zimną wodę na minutę.",
                "advice_en": "Run the cold tap for a minute in the morning.",
            },
        ),
        _Story(
            kind=KindChoice.PLANNED,
            effect=EffectChoice.NO_CHANGE,
            start=_at(now, 12, 7),
            end=_at(now, 16, 15),
            published=now - timedelta(days=2),
            streets=[("Kościelna", "4–18")],
            texts={
                "title": "ul. Kościelna: ruch jednym pasem",
                "title_en": "ul. Kościelna: one lane closed",
                "cause": "Nowe przyłącze. Woda bez przerw.",
                "cause_en": "A new connection. Water keeps flowing.",
            },
        ),
        _Story(
            kind=KindChoice.SUBSTITUTE_WATER,
            effect=EffectChoice.NO_WATER,
            start=_at(now, 15, 6),
            end=_at(now, 15, 20),
            published=now - timedelta(days=1),
            streets=[("Ceglana", ""), ("Fabryczna", ""), ("Składowa", ""), ("Przemysłowa", "1–60")],
            texts={
                "cause": "Przełączamy magistralę. Wodę dowieziemy beczkowozami.",
                "cause_en": "We reconnect the main. Tankers will bring water.",
            },
            points=[
                {
                    "kind": WaterPointKind.TANKER,
                    "place": "Beczkowóz, parking przy ul. Fabrycznej",
                    "place_en": "Tanker, car park at ul. Fabryczna",
                    "description": "dwa krany, czynne cały czas",
                    "description_en": "two taps, open all the time",
                    "opens_at": _at(now, 15, 6),
                    "closes_at": _at(now, 15, 21),
                },
                {
                    "kind": WaterPointKind.BOTTLES,
                    "place": "Woda butelkowana, Remiza OSP, ul. Strażacka 1",
                    "place_en": "Bottled water, fire station, ul. Strażacka 1",
                    "description": "6 litrów na osobę",
                    "description_en": "6 litres for each person",
                    "opens_at": _at(now, 15, 8),
                    "closes_at": _at(now, 15, 18),
                },
            ],
        ),
    ]


_PAST = [
    (KindChoice.FAILURE, 2, 7, 5, "Ogrodowa", "1–33", "Nieszczelne złącze przy hydrancie."),
    (KindChoice.FAILURE, 6, 14, 6, "Polna", "", "Koparka naruszyła rurę przy budowie chodnika."),
    (KindChoice.PLANNED, 8, 8, 6, "Szkolna", "2–20, parzyste", "Wymiana wodomierza strefowego."),
    (KindChoice.FAILURE, 11, 21, 4, "Dworcowa", "5, 7, 9", "Pękła obejma na przyłączu."),
    (KindChoice.PLANNED, 14, 8, 7, "Brzozowa", "", "Czyszczenie i próba szczelności."),
    (KindChoice.RESTRICTION, 17, 6, 30, "Leśna", "", "Remont pompowni."),
    (KindChoice.FAILURE, 21, 3, 7, "Kolejowa", "1–19", "Mróz rozsadził zawór napowietrzający."),
    (KindChoice.PLANNED, 25, 9, 5, "Wodna", "", "Podłączenie nowego osiedla."),
    (KindChoice.FAILURE, 29, 16, 3, "Klonowa", "10–24", "Korozja rury z 1978 roku."),
    (KindChoice.PLANNED, 33, 8, 6, "Rzeczna", "", "Wymiana hydrantów."),
    (KindChoice.FAILURE, 38, 11, 5, "Targowa", "", "Awaria zasuwy głównej."),
    (KindChoice.FAILURE, 45, 18, 4, "Sosnowa", "1–9", "Pęknięcie rury po ulewie."),
]  # fmt: skip


def _past(now: datetime) -> list[_Story]:
    """A dozen notices that are over, each closed with a step that says so."""
    stories = []
    for kind, days, hour, lasted, street, numbers, cause in _PAST:
        start = _at(now, -days, hour)
        end = start + timedelta(hours=lasted)
        lead = timedelta(days=9) if kind == KindChoice.PLANNED else timedelta(minutes=-20)
        weak = kind == KindChoice.RESTRICTION
        stories.append(
            _Story(
                kind=kind,
                effect=EffectChoice.LOW_PRESSURE if weak else EffectChoice.NO_WATER,
                start=start,
                end=end,
                ended=end - timedelta(minutes=25),
                published=start - lead,
                streets=[(street, numbers)],
                texts={"cause": cause},
                updates=[
                    {"moment": start, "status": UpdateStatus.CREW, "text": "Jesteśmy na miejscu."},
                    {
                        "moment": end - timedelta(minutes=25),
                        "status": UpdateStatus.DONE,
                        "text": "Dziękujemy za cierpliwość.",
                    },
                ],
                points=[
                    {
                        "kind": WaterPointKind.TANKER,
                        "place": f"Cysterna, początek ul. {street}",
                        "opens_at": start,
                        "closes_at": end,
                    }
                ]
                if lasted > 6 and not weak
                else [],
            )
        )
    return stories
