"""What the client zone writes into the journal."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

YEAR = timedelta(days=365)
CLAIMS_EXPIRE = timedelta(days=6 * 365)
"""Claims from a contract of supply expire within three years, at the year's end; twice that is kept."""


def _try(name: str, title: object) -> EventKind:
    # A year is long enough to notice and prove that somebody tried to get in.
    return EventKind(
        key=f"client_zone.{name}",
        title=title,  # type: ignore[arg-type]  # lazy text
        erasure=Erasure.ERASE_DETAIL,
        retention=YEAR,
    )


def _kept(name: str, title: object, *, visible: bool = True) -> EventKind:
    # Who let whom see a customer's bills defends both: it falls to retention.
    return EventKind(
        key=f"client_zone.{name}",
        title=title,  # type: ignore[arg-type]  # lazy text
        erasure=Erasure.KEEP,
        visible_to_customer=visible,
    )


def _request(name: str, title: object) -> EventKind:
    return EventKind(
        key=f"client_zone.{name}",
        title=title,  # type: ignore[arg-type]  # lazy text
        erasure=Erasure.KEEP,
        retention=CLAIMS_EXPIRE,
    )


events = [
    _request("request_sent", _("Request about the account sent")),
    _request("request_withdrawn", _("Request about the account withdrawn")),
    _request("request_approved", _("Request about the account approved")),
    _request("request_refused", _("Request about the account refused")),
    _request("statement_downloaded", _("Statement of account downloaded")),
    _try("registration_tried", _("Data for an account typed")),
    _try("registration_begun", _("Letter to confirm an address sent")),
    _kept("registered", _("Account opened by self-registration")),
    _kept("claim_made", _("Account waits for a second proof")),
    _try("phone_code_sent", _("Code sent to a telephone")),
    _kept("letter_asked", _("Letter with a code ordered by a client")),
    _kept("letter_used", _("Code from a letter used")),
    _kept("claim_approved", _("Account approved after a second proof")),
    _kept("claim_refused", _("Account refused by the office")),
    _kept("credentials_recovered", _("New sign-in data set")),
    _kept("invited", _("Invitation to an account sent")),
    _kept("invitation_withdrawn", _("Invitation to an account withdrawn")),
    _kept("invitation_accepted", _("Invitation to an account accepted")),
    _kept("letters_ordered", _("Letters with codes ordered"), visible=False),
    _kept("letters_made", _("Letters with codes made"), visible=False),
    _kept("letters_downloaded", _("Letters with codes downloaded"), visible=False),
    _kept("letters_sent", _("Letters with codes marked as sent"), visible=False),
    _kept("letters_cancelled", _("Unused codes of letters cancelled"), visible=False),
    EventKind(
        key="client_zone.own_cards_changed",
        title=_("Own dashboard arranged"),
        erasure=Erasure.ERASE_DETAIL,
        retention=YEAR,
    ),
    EventKind(
        key="client_zone.cards_arranged",
        title=_("Cards of the dashboard arranged for a group"),
        erasure=Erasure.KEEP,
        retention=CLAIMS_EXPIRE,
        visible_to_customer=False,
    ),
]
