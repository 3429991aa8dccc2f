"""Looks at meters of which new states came, makes findings of what they tell, and tells the clients.

A batch of meters is one transaction: their findings, messages and that they were looked at. A process that
was killed leaves the meters of its batch to be looked at again; findings are found again and not doubled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.customers.access import valid_at
from ebok.customers.models import CustomerAccess
from ebok.journal.services import record
from ebok.notifications.addresses import base_url
from ebok.notifications.services import language_of, send
from ebok.plugins.activation import first_site_with
from ebok_plugins.e_odczyt.models import (
    Absence,
    Answer,
    Finding,
    FindingState,
    ReadingSettings,
    RemoteMeter,
    RemoteState,
)
from ebok_plugins.e_odczyt.telemetry import wording
from ebok_plugins.e_odczyt.telemetry.detecting import WARSAW, Found, Kind, Limits, detect
from ebok_plugins.e_odczyt.telemetry.series import Sample, read

BATCH = 50
WINDOW = timedelta(days=60)
"""How far back a meter is looked at."""
SURE_ENOUGH = wording.LIKELY
"""From here on the client is told; below, an employee sees it."""
NEAR = timedelta(days=1)
"""What lies closer together is one finding."""
OLD = timedelta(days=3)
"""What ended longer before the last state is history: nobody is called out of bed for it."""
QUIETLY = (Kind.VACANT,)
SETTLING = (Answer.MINE, Answer.WRONG)
"""Answers after which the same need not be told again for a while."""


def watch(until: datetime) -> tuple[int, int]:
    """Look at meters with news until this moment; how many meters were looked at, and findings made."""
    seen = made = 0
    after = 0
    site = first_site_with("e_odczyt")
    while timezone.now() < until:
        with transaction.atomic():
            # Of several processes each takes other meters.
            meters = list(
                RemoteMeter.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("meter__point")
                .filter(news__gt=0, pk__gt=after)
                .order_by("pk")[:BATCH]
            )
            if not meters:
                break
            made += _look_at(meters, site)
            for meter in meters:
                RemoteMeter.objects.filter(pk=meter.pk).update(news=F("news") - meter.news)
        seen += len(meters)
        after = meters[-1].pk
    return seen, made


def _look_at(meters: Sequence[RemoteMeter], site: Site | None) -> int:
    samples = _samples(meters)
    absences = _absences(meters)
    known = _known(meters)
    muted = _muted(meters, site)
    made = 0
    for meter in meters:
        modulus = 10**meter.meter.digits * 1000
        found = detect(
            read(samples[meter.pk], modulus=modulus),
            limits=Limits.for_point(meter.meter.point.persons),
            away=absences[meter.customer_id],
        )
        made += _keep(meter, found, known[meter.pk], muted, site)
    return made


def _samples(meters: Sequence[RemoteMeter]) -> Mapping[int, list[Sample]]:
    """The states of the last days of each meter, of those who hold it now; one query."""
    owners = {meter.pk: meter.customer_id for meter in meters}
    since = {meter.pk: meter.last_moment - WINDOW for meter in meters}
    found: dict[int, list[Sample]] = defaultdict(list)
    rows = RemoteState.objects.filter(meter_id__in=owners, moment__gte=min(since.values()))
    for meter_id, customer_id, moment, value in rows.order_by("meter_id", "moment").values_list(
        "meter_id", "customer_id", "moment", "value"
    ):
        if customer_id == owners[meter_id] and moment >= since[meter_id]:
            found[meter_id].append(Sample(moment, int(value * 1000)))
    return found


def _absences(meters: Sequence[RemoteMeter]) -> Mapping[int, list[tuple[datetime, datetime]]]:
    """The whole days between the first and the last day away: on these two people still use water."""
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in Absence.objects.filter(customer__in={meter.customer_id for meter in meters}):
        begin = datetime.combine(one.begin + NEAR, time(), WARSAW)
        end = datetime.combine(one.end, time(), WARSAW)
        if begin < end:
            found[one.customer_id].append((begin, end))
    return found


def _known(meters: Sequence[RemoteMeter]) -> Mapping[int, list[Finding]]:
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in (
        Finding.objects.select_for_update().filter(meter__in=[m.pk for m in meters]).order_by("pk")
    ):
        found[finding.meter_id].append(finding)
    return found


def _muted(meters: Sequence[RemoteMeter], site: Site | None) -> set[tuple[int, str]]:
    """Meter and kind of which the client said not long ago that it is nothing."""
    days = ReadingSettings.for_site(site).mute_days if site else 0
    rows = Finding.objects.filter(
        meter__in=[meter.pk for meter in meters],
        answer__in=SETTLING,
        answered_at__gte=timezone.now() - timedelta(days=days),
    )
    return set(rows.values_list("meter_id", "kind"))


def _keep(
    meter: RemoteMeter,
    found: Sequence[Found],
    known: list[Finding],
    muted: set[tuple[int, str]],
    site: Site | None,
) -> int:
    """Make and change the findings of one meter; how many are new."""
    made = 0
    again: set[int] = set()
    for one in found:
        same = next((finding for finding in known if _is_same(finding, one, meter)), None)
        if same is None:
            same = _make(meter, one, (meter.pk, one.kind.value) in muted)
            known.append(same)
            made += 1
        else:
            _grow(same, one)
        again.add(same.pk)
        if same.state == FindingState.NEW and same.confidence >= SURE_ENOUGH and site is not None:
            _tell(same, meter, site)
    over = [finding for finding in known if finding.is_open and finding.pk not in again]
    Finding.objects.filter(pk__in=[finding.pk for finding in over]).update(is_open=False)
    return made


def _is_same(finding: Finding, one: Found, meter: RemoteMeter) -> bool:
    return (
        finding.kind == one.kind
        and finding.customer_id == meter.customer_id
        and one.begin <= finding.end + NEAR
        and one.end >= finding.begin - NEAR
    )


def _make(meter: RemoteMeter, one: Found, is_muted: bool) -> Finding:
    is_history = not one.is_open and one.end < meter.last_moment - OLD
    quiet = is_muted or is_history or one.kind in QUIETLY
    finding = Finding.objects.create(
        meter_id=meter.pk,
        customer_id=meter.customer_id,
        kind=one.kind.value,
        begin=one.begin,
        end=one.end,
        flow=one.flow,
        litres=one.litres,
        confidence=one.confidence,
        is_open=one.is_open,
        state=FindingState.MUTED if quiet else FindingState.NEW,
        found_at=timezone.now(),
    )
    record(
        "e_odczyt.finding_made",
        text=_("Meter %(number)s: %(title)s. %(sentence)s")
        % {
            "number": meter.meter.number,
            "title": wording.title(finding),
            "sentence": wording.sentence(finding),
        },
        actor="e_odczyt.watch",
        customer_id=meter.customer_id,
        obj=finding,
        payload={"kind": finding.kind, "flow": finding.flow, "litres": finding.litres},
    )
    return finding


def _grow(finding: Finding, one: Found) -> None:
    """The finding as it is now; its begin stays, also when that day has left the window."""
    finding.end = max(one.end, finding.begin + timedelta(seconds=1))
    finding.flow, finding.confidence, finding.is_open = one.flow, one.confidence, one.is_open
    # What began before the window has counted more than the window shows.
    finding.litres = max(finding.litres, one.litres) if one.begin > finding.begin else one.litres
    finding.begin = min(finding.begin, one.begin)
    finding.save(update_fields=["begin", "end", "flow", "confidence", "is_open", "litres"])


def _tell(finding: Finding, meter: RemoteMeter, site: Site) -> None:
    """Write to everybody who may see the meters of the customer."""
    people = [
        access.user
        for access in CustomerAccess.objects.filter(
            valid_at(timezone.now()), customer=finding.customer_id, sends_readings=True
        )
        .select_related("user")
        .order_by("pk")
        if access.user.is_active
    ]
    address = base_url(site) + reverse("client:e_odczyt:finding", kwargs={"pk": finding.pk})
    for user in people:
        with translation.override(language_of(user)):
            values = {
                "title": wording.title(finding),
                "sentence": wording.sentence(finding),
                "advice": str(wording.ADVICE[finding.kind]),
                "meter": meter.meter.number,
                "point": meter.meter.point.name or meter.meter.point.code,
            }
        send(
            "e_odczyt.finding",
            site=site,
            user=user,
            values=values,
            url=address,
            key=f"finding:{finding.pk}",
            owner=("e_odczyt.finding", finding.pk),
        )
    finding.state, finding.told_at = FindingState.TOLD, timezone.now()
    finding.save(update_fields=["state", "told_at"])
