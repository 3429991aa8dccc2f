"""People on their way to an account, and those let in, for the contract tests and the sweep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from ebok.accounts.models import User
from ebok.customers.access import give_access
from ebok.customers.models import AccessRole, AccessWay, CustomerAccess, Invitation
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld
from ebok_plugins.client_zone.letters.storage import files, new_name
from ebok_plugins.client_zone.models import (
    AccessLetter,
    Claim,
    ClaimKind,
    LetterBatch,
    LetterFile,
    Registration,
)
from ebok_plugins.client_zone.registration import tokens

PDF = b"%PDF-1.7\n%%EOF\n"
SECRETS = {kind: f"{kind:x<43}" for kind in ("confirm", "recovery", "invitation")}
"""Tokens of the newest sample of each kind."""


def populate(world: SampleWorld, count: int = 1) -> None:
    """`count` delegates, invitations, claims and batches; a link of each kind works."""
    for _number in range(count):
        made = User.objects.count()
        delegate = User(email=f"gosc-{made}@example.org", first_name=world.secret)
        delegate.set_unusable_password()
        delegate.save()
        give_access(
            world.customer,
            delegate,
            role=AccessRole.TENANT,
            way=AccessWay.INVITATION,
            actor=world.owner,
        )
        invitation(world, email=f"zaproszony-{made}@example.org")
        claim(world)
        batch(world)
    _links(world)


def invitation(world: SampleWorld, *, email: str, token: str = "") -> Invitation:
    """An open invitation to the owner's account."""
    now = timezone.now()
    return Invitation.objects.create(
        customer=world.customer,
        email=email,
        token_hash=tokens.token_hash(token or tokens.new_token()),
        invited_at=now,
        invited_by=world.owner,
        expires_at=now + timedelta(days=14),
        role=AccessRole.TENANT,
        sends_readings=True,
    )


def claim(world: SampleWorld, **fields: object) -> Claim:
    """A claim of the owner to a customer of their own."""
    now = timezone.now()
    return Claim.objects.create(
        customer=mirror.customer(name=f"Piotr {world.secret}", town="Lipowo", email="inny@example.org"),
        user=world.owner,
        made_at=now,
        expires_at=now + timedelta(days=60),
        **fields,
    )


def batch(world: SampleWorld) -> LetterBatch:
    """A finished batch of one letter, with its file."""
    now = timezone.now()
    made = LetterBatch.objects.create(
        site=world.site,
        title=f"Klienci {world.secret}",
        made_at=now,
        total=1,
        done=1,
        touched_at=now,
        finished_at=now,
    )
    AccessLetter.objects.create(
        customer=world.customer,
        batch=made,
        code_hash=tokens.letter_hash(world.customer.pk, tokens.new_letter_code()),
        asked_at=now,
        made_at=now,
        expires_at=now + timedelta(days=30),
    )
    name = files.save(new_name(), ContentFile(PDF))
    LetterFile.objects.create(batch=made, number=1, letters=1, name=name, size=len(PDF))
    return made


def _links(world: SampleWorld) -> None:
    now = timezone.now()
    if Registration.objects.filter(token_hash=tokens.token_hash(SECRETS["confirm"])).exists():
        return
    Registration.objects.create(
        token_hash=tokens.token_hash(SECRETS["confirm"]),
        email="nowy@example.org",
        customer=world.customer,
        way=AccessWay.REGISTRATION,
        made_at=now,
        expires_at=now + timedelta(hours=24),
    )
    claim(
        world,
        kind=ClaimKind.RECOVER,
        new_email="inna@example.org",
        token_hash=tokens.token_hash(SECRETS["recovery"]),
    )
    invitation(world, email="gosc@example.org", token=SECRETS["invitation"])


def url_arguments(world: SampleWorld) -> Mapping[str, Mapping[str, object]]:
    """One of each, in every zone."""
    waiting = Claim.objects.filter(user=world.owner, kind=ClaimKind.JOIN).latest("pk")
    delegate = CustomerAccess.objects.filter(
        customer=world.customer, role=AccessRole.TENANT, revoked_at__isnull=True
    ).latest("pk")
    newest = LetterBatch.objects.filter(site=world.site).latest("pk")
    offered = Invitation.objects.filter(customer=world.customer).latest("pk")
    return {
        "client:client_zone:claim": {"claim": waiting.public_id},
        "client:client_zone:access": {"access": delegate.pk},
        "client:client_zone:invitation": {"invitation": offered.public_id},
        "employee:client_zone:batch": {"batch": newest.pk},
        "employee:client_zone:letters_pdf": {"batch": newest.pk, "number": 1},
        "employee:client_zone:verify": {"claim": waiting.public_id},
        "public:client_zone:confirm": {"token": SECRETS["confirm"]},
        "public:client_zone:recovery": {"token": SECRETS["recovery"]},
        "public:client_zone:invitation": {"token": SECRETS["invitation"]},
    }
