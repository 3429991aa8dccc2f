"""The messages the world was told about an outage, each as it was when it was issued.

A message that went out is never changed: programs that collect alerts keep it by its name. So a
publication keeps its facts (`facts_of`), and what is said of them later is made of those alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from snippets.outages import presentation, rules
from snippets.outages.models import Message, Outage, OutagePublication

END = "-end"
"""What the number of the message ends with that says an outage ran out by itself."""


@dataclass(frozen=True)
class Issued:
    """One message. `number` is the publication's, with `END` after it for the end nobody published."""

    number: str
    kind: str
    sent: datetime
    facts: dict[str, Any]

    @property
    def state(self) -> rules.State:
        """Where the outage stood when the message went out."""
        return rules.State(self.facts["state"])


def facts_of(outage: Outage, moment: datetime) -> dict[str, Any]:
    """What a message at `moment` says of the outage: plain values and both languages, to be kept as JSON."""
    rows = list(outage.streets.all())
    return {
        "state": str(outage.state(moment)),
        "kind": str(outage.kind),
        "effect": str(outage.effect),
        "starts_at": outage.starts_at.isoformat(),
        "over_at": outage.over_at.isoformat() if outage.over_at else None,
        "codes": [
            f"{row.street.sym}-{row.street.sym_ul}" for row in rows if row.street.sym and row.street.sym_ul
        ],
        "texts": {language: _texts(outage, language, moment) for language, _name in settings.LANGUAGES},
    }


def _texts(outage: Outage, language: str, moment: datetime) -> dict[str, Any]:
    with translation.override(language):
        headline = presentation.headline(outage)
        area = "; ".join(f"{row.street} {row.numbers_label}" for row in outage.streets.all())
        return {
            "event": presentation.kind_title(outage.kind),
            "headline": headline,
            "description": presentation.in_language(outage, "cause").text or headline,
            "advice": presentation.in_language(outage, "advice").text,
            "points": [
                f"{presentation.in_language(point, 'place').text}: {presentation.hours_of(point, moment)}"
                for point in outage.water_points.all()
            ],
            "area": area or headline,
        }


def messages(outage: Outage, publications: Sequence[OutagePublication], now: datetime) -> list[Issued]:
    """Every message issued until `now`, oldest first; `publications` are all of the outage's own, in order.

    An outage that runs out by itself is not published again, yet the world must hear that it is
    over: that message follows the publication which announced the end, at that very moment.
    """
    told: list[Issued] = []
    for place, publication in enumerate(publications):
        number, facts = str(publication.sequence), publication.facts
        told.append(Issued(number, publication.message, publication.moment, facts))
        until = publications[place + 1].moment if place + 1 < len(publications) else now
        over = datetime.fromisoformat(facts["over_at"]) if facts["over_at"] else None
        if publication.message != Message.CANCEL and over is not None and over <= until:
            ended = {**facts, "state": str(rules.State.ENDED)}
            told.append(Issued(number + END, Message.CANCEL, max(over, publication.moment), ended))
    return told
