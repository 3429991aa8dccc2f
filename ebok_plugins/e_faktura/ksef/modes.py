"""How a document stands towards KSeF, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

OUTSIDE, ONLINE, OFFLINE24, UNAVAILABLE, FAILURE = "outside", "online", "offline24", "unavailable", "failure"


@dataclass(frozen=True)
class Status:
    """A state in one or two words, with a sentence that explains it and a tone for its tag."""

    key: str
    text: Text
    meaning: Text
    tone: str


ACCEPTED = Status(
    "accepted",
    _("accepted by KSeF"),
    _("KSeF has taken the invoice in and given it a number."),
    "ok",
)
AWAITS = Status(
    "awaits",
    _("awaits its KSeF number"),
    _("The invoice was sent to KSeF, which has not given it a number yet."),
    "due",
)
OUTSIDE_KSEF = Status(
    "outside",
    _("outside KSeF"),
    _("The invoice was issued outside KSeF, which is allowed for consumers and some others."),
    "mute",
)
WITHOUT_NUMBER = {
    OFFLINE24: Status(
        "offline24",
        _("OFFLINE, awaits its number"),
        _("The invoice was issued in the mode offline24; it goes to KSeF by the next working day."),
        "due",
    ),
    UNAVAILABLE: Status(
        "unavailable",
        _("OFFLINE, KSeF unavailable"),
        _("KSeF was unavailable; the invoice goes there on the next working day after that has ended."),
        "due",
    ),
    FAILURE: Status(
        "failure",
        _("OFFLINE, failure of KSeF"),
        _("KSeF had a failure; the invoice goes there within seven working days after its end."),
        "due",
    ),
}


def status_of(mode: str, number: str) -> Status:
    """The state of a document that was issued in this mode and has this number, or ""."""
    if number:
        return ACCEPTED
    if mode == OUTSIDE:
        return OUTSIDE_KSEF
    return WITHOUT_NUMBER.get(mode, AWAITS)
