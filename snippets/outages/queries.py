"""Reading outages. Every query begins with the site whose notices are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
    prefetch_related_objects,
)
from django.utils import timezone
from wagtail.models import Site

from snippets.outages import addresses, presentation
from snippets.outages.models import Outage, OutagePublication, OutageSettings, OutageStreet, Street
from snippets.outages.numbers import HouseNumber, NumbersError, address_number
from snippets.outages.rules import State

ARCHIVE_PAGE = 20
"""Past outages on one page of the archive."""
FEED_DAYS = 30
"""How long an outage that is over, or was called off, stays in the feeds."""
MOST_ROWS = 200
"""Notices one list or feed shows at most."""
SUGGESTIONS = 12
"""Streets offered when a name is not clear."""


DETAILS = (
    Prefetch("streets", OutageStreet.objects.select_related("street").order_by("sort_order", "pk")),
    "water_points",
    "updates",
)
"""What belongs to a notice; three queries for any number of notices."""

PUBLICATIONS = Prefetch("publications", OutagePublication.objects.order_by("sequence"))

LISTED = (
    "uid", "kind", "effect", "starts_at", "ended_at", "current_end", "over_at", "withdrawn_at", "live",
    "headline", "headline_en", "places", "places_en", "cause", "cause_en",
)  # fmt: skip
"""The columns that lists and the banner show. The others are read when somebody asks for them."""


def published(site: Site) -> QuerySet[Outage]:
    """The live notices of the site."""
    return Outage.objects.filter(site=site, live=True)


def with_details(outages: QuerySet[Outage]) -> QuerySet[Outage]:
    """The same notices with streets, water points and updates: three further queries for any number."""
    return outages.prefetch_related(*DETAILS)


def _not_over(now: datetime) -> Q:
    return Q(over_at__isnull=True) | Q(over_at__gt=now)


def current(site: Site, now: datetime | None = None) -> QuerySet[Outage]:
    """What is going on now, newest first."""
    now = now or timezone.now()
    rows = published(site).filter(_not_over(now), starts_at__lte=now)
    return rows.only(*LISTED).order_by("-starts_at", "-pk")


def planned(site: Site, limit: int | None = None, now: datetime | None = None) -> QuerySet[Outage]:
    """What is announced and has not begun, soonest first; at most `limit`."""
    now = now or timezone.now()
    rows = published(site).filter(_not_over(now), starts_at__gt=now)
    rows = rows.only(*LISTED).order_by("starts_at", "pk")
    return rows if limit is None else rows[:limit]


@dataclass(frozen=True)
class Banner:
    """What the banner over every public page says: the newest outage, and how many more there are."""

    outage: Outage
    others: int

    @property
    def kind(self) -> str:
        """The kind of notice, in the active language."""
        return presentation.kind_title(self.outage.kind)

    @property
    def place(self) -> str:
        """Where: the streets, or the typed title of a notice without streets."""
        return presentation.in_language(self.outage, "places").text or presentation.headline(self.outage)

    @property
    def what(self) -> str:
        """What people notice there: "without water"."""
        return presentation.felt(self.outage.effect)

    @property
    def ends_at(self) -> datetime | None:
        """The expected end while it lies ahead; None when it is unknown or has passed."""
        end = self.outage.current_end
        return end if end and end > timezone.now() else None


def banner_of(ongoing: Iterable[Outage]) -> Banner | None:
    """The banner of notices already read, newest first."""
    rows = list(ongoing)
    return Banner(rows[0], len(rows) - 1) if rows else None


@dataclass(frozen=True)
class Matching:
    """Open notices that answer a question, and the banner of the same moment, read together."""

    outages: Sequence[Outage]
    banner: Banner | None


def matching(site: Site, question: str, most: int, now: datetime | None = None) -> Matching:
    """Notices going on or planned whose headline or streets hold the question; at most `most`. One query."""
    now = now or timezone.now()
    named = OutageStreet.objects.filter(outage=OuterRef("pk"), street__name__icontains=question)
    holds = Q(headline__icontains=question) | Q(headline_en__icontains=question) | Q(Exists(named))
    rows = coming(site, now).annotate(holds=ExpressionWrapper(holds, BooleanField()))
    found = list(rows.filter(Q(starts_at__lte=now) | Q(holds=True))[:MOST_ROWS])
    answers = [row for row in found if row.holds][:most]
    return Matching(answers, banner_of(row for row in found if row.starts_at <= now))


def coming(site: Site, now: datetime | None = None) -> QuerySet[Outage]:
    """What goes on, newest first, then what is announced, soonest first."""
    now = now or timezone.now()
    ahead = Case(When(starts_at__gt=now, then=F("starts_at")))
    rows = published(site).filter(_not_over(now)).only(*LISTED)
    return rows.order_by(ahead.asc(nulls_first=True), "-starts_at", "-pk")


@dataclass(frozen=True)
class Archive:
    """One page of past outages and the key that opens the next one ("" at the end)."""

    outages: Sequence[Outage]
    next_key: str


def archive(site: Site, key: str = "", now: datetime | None = None) -> Archive:
    """Past outages, newest first, paged by key.

    A key that cannot be read gives the first page: keys come from addresses people edit.
    """
    now = now or timezone.now()
    rows = published(site).filter(over_at__lte=now).only(*LISTED).order_by("-starts_at", "-pk")
    position = _read_key(key)
    if position is not None:
        starts_at, pk = position
        rows = rows.filter(Q(starts_at__lt=starts_at) | Q(starts_at=starts_at, pk__lt=pk))
    found = list(rows[: ARCHIVE_PAGE + 1])
    page = found[:ARCHIVE_PAGE]
    last = page[-1] if len(found) > ARCHIVE_PAGE else None
    return Archive(page, f"{int(last.starts_at.timestamp() * 1_000_000)}-{last.pk}" if last else "")


def _read_key(key: str) -> tuple[datetime, int] | None:
    """The place a key names: microseconds of the start and the id of the last row shown."""
    micros, _, pk = key.partition("-")
    if not (micros.isascii() and micros.isdigit() and pk.isascii() and pk.isdigit()):
        return None
    if len(micros) > 17 or len(pk) > 18:
        return None
    epoch = datetime.fromtimestamp(0, tz=timezone.get_default_timezone())
    return epoch + timedelta(microseconds=int(micros)), int(pk)


def find(site: Site, uid: str) -> Outage | None:
    """The notice behind a public address, with its details: live, or called off (its page then says so)."""
    phone = OutageSettings.objects.filter(site=OuterRef("site")).values("delivery_phone")[:1]
    named = Outage.objects.filter(Q(live=True) | Q(withdrawn_at__isnull=False), site=site, uid=uid)
    outage = named.annotate(delivery_phone=Subquery(phone)).first()
    if outage is not None:
        prefetch_related_objects([outage], *DETAILS)
    return outage


def find_told(site: Site, uid: str) -> Outage | None:
    """The outage the public was once told about, with its publications, wherever it stands today.

    Messages that went out stay where they are, also after the notice has left the portal's pages.
    """
    told = Outage.objects.filter(site=site, uid=uid, publications__isnull=False).distinct()
    return told.prefetch_related(PUBLICATIONS).first()


def with_publications(outages: QuerySet[Outage]) -> QuerySet[Outage]:
    """The same notices with what was published about them: one further query for any number."""
    return outages.prefetch_related(PUBLICATIONS)


def for_feeds(
    site: Site, now: datetime | None = None, streets: Sequence[Street] | None = None
) -> QuerySet[Outage]:
    """Open notices, and those over or called off within the last days, newest start first.

    With streets only those that name one of them.
    """
    now = now or timezone.now()
    since = now - timedelta(days=FEED_DAYS)
    shown = Q(live=True) & (_not_over(now) | Q(over_at__gte=since))
    rows = Outage.objects.filter(site=site).filter(shown | Q(withdrawn_at__gte=since))
    if streets is not None:
        rows = on_streets(rows, streets)
    return rows.order_by("-starts_at", "-pk")[:MOST_ROWS]


def open_notices(site: Site, now: datetime | None = None) -> QuerySet[Outage]:
    """What is going on or announced."""
    return published(site).filter(_not_over(now or timezone.now())).order_by("-starts_at", "-pk")[:MOST_ROWS]


def on_streets(rows: QuerySet[Outage], streets: Sequence[Street]) -> QuerySet[Outage]:
    """Those of `rows` that name one of the streets, whatever the house numbers."""
    return rows.filter(pk__in=OutageStreet.objects.filter(street__in=streets).values("outage"))


# Streets and addresses ------------------------------------------------------------------


def suggest_streets(text: str, limit: int = SUGGESTIONS) -> list[Street]:
    """Streets whose name begins with, or contains, what was typed; best first.

    One query; a second one only when nothing was found, for a typing mistake.
    """
    street_text, locality = addresses.split_locality(text)
    key = addresses.search_key(street_text)
    if not key:
        return []
    rows = Street.objects.all()
    if locality:
        rows = rows.filter(locality_key__startswith=addresses.plain(locality)[:80])
    best_first = Case(When(search_key__startswith=key, then=0), default=1)
    inside = rows.filter(search_key__contains=key).order_by(best_first, "search_key", "locality_key", "pk")
    return list(inside[:limit]) or _by_any_word(rows, key, limit)


def streets_named(rows: QuerySet[Street], text: str) -> QuerySet[Street]:
    """Those of `rows` whose name (and locality after a comma) holds every word typed; for the admin."""
    street_text, locality = addresses.split_locality(text)
    for word in addresses.search_key(street_text).split()[:6]:
        rows = rows.filter(search_key__contains=word)
    if locality:
        rows = rows.filter(locality_key__contains=addresses.plain(locality)[:80])
    return rows


def _by_any_word(rows: QuerySet[Street], key: str, limit: int) -> list[Street]:
    """Streets that share the beginning of a word with `key`: what is left for a typing mistake."""
    wanted = Q()
    for word in key.split()[:4]:
        if len(word) >= 4:
            wanted |= Q(search_key__startswith=word[:4]) | Q(search_key__contains=f" {word[:4]}")
    return list(rows.filter(wanted)[:limit]) if wanted else []


@dataclass(frozen=True)
class AddressAnswer:
    """What the address check found.

    `number_text` is the house number as typed, wherever it stood.
    `street` is None when the name is unknown or fits several streets: then `suggestions`
    holds them. `number_error` is set when the number cannot be read; the answer is then
    for the whole street. `ongoing` and `planned` are notices that touch the address.
    """

    street: Street | None = None
    number_text: str = ""
    number: HouseNumber | None = None
    number_error: bool = False
    suggestions: tuple[Street, ...] = ()
    ongoing: tuple[Outage, ...] = ()
    planned: tuple[Outage, ...] = ()


def check_address(
    site: Site, street_text: str, number_text: str = "", now: datetime | None = None
) -> AddressAnswer:
    """What touches the address "street_text number_text" now or soon.

    A number may also stand at the end of the street ("Lipowa 12A"). Without a number the
    answer is for every address of the street. The same number of queries for any outages.
    """
    now = now or timezone.now()
    streets, split_off = _exact_streets(street_text)
    number_text = number_text.strip() or split_off[1]
    if len(streets) != 1:
        suggestions = streets or suggest_streets(split_off[0] or street_text)
        return AddressAnswer(number_text=number_text, suggestions=tuple(suggestions))
    number, wrong = _read_number(number_text)
    rows = on_streets(published(site).filter(_not_over(now)), streets).prefetch_related(*DETAILS[:2])
    touched = [
        outage
        for outage in rows.order_by("starts_at", "pk")[:MOST_ROWS]
        if _touches(outage, streets[0], number)
    ]
    return AddressAnswer(
        street=streets[0],
        number_text=number_text,
        number=number,
        number_error=wrong,
        ongoing=tuple(o for o in touched if o.state(now) is State.ONGOING),
        planned=tuple(o for o in touched if o.state(now) is State.PLANNED),
    )


def find_streets(text: str) -> list[Street]:
    """The streets with exactly this name (and locality, after a comma); several where names repeat."""
    return _exact_streets(text)[0]


def _exact_streets(text: str) -> tuple[list[Street], tuple[str, str]]:
    """Streets named exactly so, first as typed, then without a number at the end."""
    whole, locality = addresses.split_locality(text)
    without_number, number = addresses.split_number(whole)
    names = [(whole, ("", ""))]
    if number:
        names.append((without_number, (without_number, number)))
    keys = {key for name, _ in names if (key := addresses.search_key(name))}
    rows = Street.objects.filter(search_key__in=keys)
    if locality:
        rows = rows.filter(locality_key=addresses.plain(locality)[:80])
    known = list(rows[: 2 * SUGGESTIONS]) if keys else []
    for name, split_off in names:
        found = [street for street in known if street.search_key == addresses.search_key(name)]
        prefix, _ = addresses.split_prefix(name)
        if prefix and len(found) > 1:
            found = [street for street in found if street.prefix == prefix] or found
        if found:
            return found, split_off
    return [], (without_number, number)


def _read_number(text: str) -> tuple[HouseNumber | None, bool]:
    if not text:
        return None, False
    try:
        return address_number(text), False
    except NumbersError:
        return None, True


def _touches(outage: Outage, street: Street, number: HouseNumber | None) -> bool:
    rows = [row for row in outage.streets.all() if row.street_id == street.pk]
    return any(number is None or row.ranges.covers(number) for row in rows)
