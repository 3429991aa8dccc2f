"""A person's own number for text messages: given, proven by a code, taken back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.origin import address_of
from ebok.journal.services import record
from ebok.notifications.forgetting import PHONE, forget_about
from ebok.notifications.models import Phone
from ebok.notifications.services import send
from ebok.notifications.sms_text import normal_number
from ebok.plugins.channels import channel_for
from ebok.plugins.limiting import is_over_limit
from ebok.ports.messages import SMS

if TYPE_CHECKING:
    from django.http import HttpRequest

CODES_OF_PERSON, CODES_TO_NUMBER, CODES_FROM_ADDRESS = 5, 5, 20
"""So many codes within an hour."""
TRIES = 5
"""So often a code may be typed."""
CODE_LIVES = timedelta(minutes=15)


class TooMany(Exception):
    """No more codes within this hour."""


class WrongCode(Exception):
    """It is another one, or too old, or was typed wrongly too often."""


class NoGate(Exception):
    """No text messages can be sent now."""


def is_offered(site: Site) -> bool:
    """Whether text messages can be sent here, so that a number is of use."""
    return channel_for(SMS, site) is not None


def phone_of(user: User) -> Phone | None:
    """What the person gave; one query."""
    return Phone.objects.filter(user=user).first()


def masked(number: str) -> str:
    """The number as others may see it: "••• 200"."""
    return f"••• {number[-3:]}"


def send_code(user: User, typed: str, *, site: Site, request: HttpRequest) -> Phone:
    """Send a code to the number that was typed; a number proven before stays in use until this one is.

    Raises `sms_text.WrongNumber`, `TooMany` and `NoGate`; then nothing has changed.
    """
    number = normal_number(typed)
    if not is_offered(site):
        raise NoGate
    for counter, value, most in (
        ("notifications.phone_person", str(user.pk), CODES_OF_PERSON),
        ("notifications.phone_number", number, CODES_TO_NUMBER),
        ("notifications.phone_address", address_of(request) or "", CODES_FROM_ADDRESS),
    ):
        if is_over_limit(counter, value, most):
            raise TooMany
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        phone, _created = Phone.objects.update_or_create(
            user=user,
            defaults={
                "pending": number,
                "code_hash": _hash(user, number, code),
                "code_sent_at": timezone.now(),
                "tries": 0,
            },
        )
        # A code that still waits to be sent is worth nothing now.
        forget_about(PHONE, [phone.pk])
        send(
            "notifications.phone_code",
            site=site,
            phone=number,
            language=get_language() or "",
            values={"code": code},
            owner=(PHONE, phone.pk),
        )
        record(
            "notifications.phone_code_sent",
            text=_("Code to confirm the number %(number)s sent") % {"number": masked(number)},
            actor=user,
            request=request,
            obj=user,
        )
    return phone


def confirm(user: User, typed: str, *, request: HttpRequest) -> Phone:
    """The person has the telephone: its number is used from now on. Raises `WrongCode`."""
    fresh = timezone.now() - CODE_LIVES
    # Counted before it is looked at, and not undone by a wrong one: two windows have no more tries than one.
    counted = (
        Phone.objects.filter(user=user, code_sent_at__gt=fresh, tries__lt=TRIES)
        .exclude(pending="")
        .update(tries=F("tries") + 1)
    )
    if not counted:
        raise WrongCode
    with transaction.atomic():
        phone = Phone.objects.select_for_update().get(user=user)
        known = phone.pending and constant_time_compare(
            phone.code_hash, _hash(user, phone.pending, "".join(typed.split()))
        )
        if not known:
            raise WrongCode
        phone.number, phone.verified_at = phone.pending, timezone.now()
        phone.pending = phone.code_hash = ""
        phone.save()
        record(
            "notifications.phone_verified",
            text=_("Number for text messages confirmed: %(number)s") % {"number": masked(phone.number)},
            actor=user,
            request=request,
            obj=user,
        )
    return phone


def cancel(user: User) -> None:
    """The person does not want to confirm the number that waits."""
    Phone.objects.filter(user=user, number="").delete()
    Phone.objects.filter(user=user).update(pending="", code_hash="", tries=0)


def remove(user: User, *, request: HttpRequest) -> bool:
    """No text messages to this number any more; False when there is none."""
    with transaction.atomic():
        phone = Phone.objects.select_for_update().filter(user=user).first()
        if phone is None:
            return False
        if phone.number:
            record(
                "notifications.phone_removed",
                text=_("Number for text messages removed: %(number)s") % {"number": masked(phone.number)},
                actor=user,
                request=request,
                obj=user,
            )
        forget_about(PHONE, [phone.pk])
        phone.delete()
    return True


def _hash(user: User, number: str, code: str) -> str:
    return salted_hmac(
        "ebok.notifications.phones", f"{user.pk}\n{number}\n{code}", algorithm="sha256"
    ).hexdigest()
