"""What a visitor's session remembers between the first step and the second."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok_plugins.client_zone.models import AccessLetter, Registration
from ebok_plugins.client_zone.registration.proving import Proof

STEP = "ebok_joining"
"""Session key: what the first step found. The page says nothing of it."""
BEGUN = "ebok_registration"
"""Session key: id of the registration this browser began, so that its link needs no password here."""
MINUTES = 30


@dataclass(frozen=True)
class FirstStep:
    """What was proven in the first step, or that nothing was."""

    kind: str
    proof: Proof
    user: User | None = None


def remember(request: HttpRequest, kind: str, proof: Proof, user: User | None = None) -> None:
    """Keep the first step for `MINUTES`; whether it proved anything is known to the server alone."""
    request.session[STEP] = {
        "kind": kind,
        "customer": proof.customer.pk if proof.customer else None,
        "way": proof.way,
        "letter": proof.letter.pk if proof.letter else None,
        "user": user.pk if user else None,
        "at": int(time.time()),
    }


def first_step(request: HttpRequest) -> FirstStep | None:
    """What the first step found; None when there was none, or too long ago."""
    kept: dict[str, Any] | None = request.session.get(STEP)
    if not isinstance(kept, dict) or time.time() - kept.get("at", 0) > MINUTES * 60:
        return None
    customer = Customer.objects.filter(pk=kept["customer"] or -1).first()
    letter = AccessLetter.objects.filter(pk=kept["letter"] or -1).first()
    user = User.objects.filter(pk=kept["user"] or -1).first()
    return FirstStep(kept["kind"], Proof(customer, kept["way"], letter), user)


def kind_of_first_step(request: HttpRequest) -> str:
    """The kind alone, for a page that only draws a form; "" without a first step."""
    kept = request.session.get(STEP)
    fresh = isinstance(kept, dict) and time.time() - kept.get("at", 0) <= MINUTES * 60
    return str(kept["kind"]) if fresh and kept else ""


def begun(request: HttpRequest, registration: Registration) -> None:
    """The steps are done: this browser waits for the letter."""
    request.session.pop(STEP, None)
    request.session[BEGUN] = registration.pk


def is_same_browser(request: HttpRequest, registration: Registration) -> bool:
    """Whether the registration was begun in this browser."""
    return bool(request.session.get(BEGUN) == registration.pk)
