"""The second proof of a claim: a code to the telephone, a code from a letter, or the office's word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.services import record
from ebok.plugins.channels import channel_for
from ebok.ports.messages import SMS, MessageChannel
from ebok_plugins.client_zone.models import AccessLetter, Claim, ClaimKind, ClaimState
from ebok_plugins.client_zone.models.joining import ProofWay
from ebok_plugins.client_zone.registration import notices, recovery, rules, tokens
from ebok_plugins.client_zone.registration.joining import CodeUsed, admit, use_letter, way_of
from ebok_plugins.client_zone.registration.proving import letter_of

PHONE_MINUTES = 10
PHONE_TRIES = 5
PHONE_CODES = 3
"""Codes sent to the telephone for one claim; then the letter is the way."""


class WrongCode(Exception):
    """No such code, or no longer."""


class Decided(Exception):
    """Somebody decided about the claim meanwhile."""


class OfficeOnly(Exception):
    """A code is not enough for this account; the office decides."""


# Code to the telephone -----------------------------------------------------------------------


def phone_channel(claim: Claim, site: Site) -> MessageChannel | None:
    """The channel for a code, or None where the letter is the only way."""
    if claim.kind != ClaimKind.JOIN or not rules.masked_phone(claim.customer.phone):
        return None
    return channel_for(SMS, site) if claim.phone_sent < PHONE_CODES else None


def send_phone_code(claim: Claim, channel: MessageChannel, *, site: Site, request: HttpRequest) -> None:
    """Send a code to the telephone of the billing data. Raises `NotSent` and `Decided`."""
    code, now = tokens.new_phone_code(), timezone.now()
    with transaction.atomic():
        counted = Claim.objects.filter(
            pk=claim.pk, state=ClaimState.WAITING, phone_sent__lt=PHONE_CODES
        ).update(
            phone_hash=tokens.phone_hash(claim.pk, code),
            phone_sent_at=now,
            phone_sent=F("phone_sent") + 1,
            phone_tries=0,
        )
        if not counted:
            raise Decided
        record(
            "client_zone.phone_code_sent",
            text=_("Code sent to the telephone %(phone)s")
            % {"phone": rules.masked_phone(claim.customer.phone)},
            request=request,
            customer_id=claim.customer_id,
            obj=claim,
        )
    text = _("Your code for %(name)s: %(code)s. Give it to nobody.") % {"name": site.site_name, "code": code}
    channel.send(claim.customer.phone, text, site=site)


def prove_by_phone(claim: Claim, typed: str, *, request: HttpRequest) -> None:
    """Approve the claim by the code on the telephone. Raises `WrongCode` and `Decided`."""
    fresh = timezone.now() - timedelta(minutes=PHONE_MINUTES)
    counted = Claim.objects.filter(
        pk=claim.pk, state=ClaimState.WAITING, phone_sent_at__gt=fresh, phone_tries__lt=PHONE_TRIES
    ).update(phone_tries=F("phone_tries") + 1)
    claim.refresh_from_db()
    if not counted or not tokens.equal(claim.phone_hash, tokens.phone_hash(claim.pk, typed)):
        raise WrongCode
    approve(claim, ProofWay.PHONE, request=request)


# Code from a letter --------------------------------------------------------------------------


def ask_for_letter(claim: Claim, *, request: HttpRequest) -> AccessLetter:
    """Order a letter to the customer's address; one that was ordered and not printed yet is enough."""
    with transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        waiting = claim.letters.filter(cancelled_at__isnull=True, made_at__isnull=True).first()
        if waiting is not None:
            return waiting
        letter = AccessLetter.objects.create(
            customer_id=claim.customer_id, claim=claim, asked_at=timezone.now()
        )
        record(
            "client_zone.letter_asked",
            text=_("Letter with a code ordered"),
            request=request,
            customer_id=claim.customer_id,
            obj=letter,
        )
    return letter


def prove_by_letter(claim: Claim, typed: str, *, request: HttpRequest) -> None:
    """Approve the claim by a letter's code. Raises `WrongCode`, `OfficeOnly` and `Decided`."""
    letter = letter_of(claim.customer_id, typed, timezone.now())
    if letter is None:
        raise WrongCode
    if claim.kind == ClaimKind.RECOVER and recovery.is_for_the_office(claim.user):
        raise OfficeOnly
    try:
        with transaction.atomic():
            use_letter(letter, claim.user, request=request)
            approve(claim, ProofWay.LETTER, request=request)
    except CodeUsed as used:
        raise WrongCode from used


# Decisions -----------------------------------------------------------------------------------


def approve(claim: Claim, proof: str, *, by: User | None = None, request: HttpRequest) -> None:
    """The claim holds: give what was claimed. Raises `Decided`, and `recovery.MailboxTaken`."""
    with transaction.atomic():
        _decide(claim, ClaimState.APPROVED, proof, by=by)
        if claim.kind == ClaimKind.RECOVER:
            try:
                with transaction.atomic():
                    recovery.complete(claim, actor=by, request=request)
            except IntegrityError as error:
                raise recovery.MailboxTaken from error
        else:
            admit(claim.user, claim.customer, way=way_of(proof), actor=by, request=request)
        _record_decision(claim, "client_zone.claim_approved", _("Claim approved: %(email)s"), by, request)
        if by is not None:
            _tell(claim, approved=True, request=request)


def refuse(claim: Claim, *, reason: str, by: User, request: HttpRequest) -> None:
    """The office says no, with a reason for the person. Raises `Decided`."""
    with transaction.atomic():
        _decide(claim, ClaimState.REFUSED, ProofWay.OFFICE, by=by, reason=reason)
        _record_decision(claim, "client_zone.claim_refused", _("Claim refused: %(email)s"), by, request)
        _tell(claim, approved=False, request=request)


def _decide(claim: Claim, state: str, proof: str, *, by: Any, reason: str = "") -> None:
    now = timezone.now()
    decided = Claim.objects.filter(pk=claim.pk, state=ClaimState.WAITING, expires_at__gt=now).update(
        state=state, proof=proof, decided_at=now, decided_by=by, reason=reason, phone_hash=""
    )
    if not decided:
        raise Decided
    # Letters that were ordered for it and not printed yet need not go out.
    claim.letters.filter(made_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=now)
    new_password = claim.new_password
    claim.refresh_from_db()
    claim.new_password = new_password
    Claim.objects.filter(pk=claim.pk).update(new_password="", token_hash=None)


def _record_decision(claim: Claim, kind: str, text: str, by: User | None, request: HttpRequest) -> None:
    record(
        kind,
        text=text % {"email": claim.new_email or claim.user.email},
        actor=by or claim.user,
        request=request,
        customer_id=claim.customer_id,
        obj=claim,
        payload={"kind": claim.kind, "proof": claim.proof, "reason": claim.reason},
    )


def _tell(claim: Claim, *, approved: bool, request: HttpRequest) -> None:
    notices.tell_decision(
        claim.user,
        claim.new_email or claim.user.email,
        customer=claim.customer,
        approved=approved,
        reason=claim.reason,
        request=request,
    )
