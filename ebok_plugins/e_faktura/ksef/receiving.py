"""Taking files in: stored first, judged afterwards, the same bytes once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.files.names import shown_name
from ebok.journal.services import record
from ebok_plugins.e_faktura.ksef import judging, numbers
from ebok_plugins.e_faktura.models import KsefConfirmation, KsefDocument, KsefOrigin, KsefState

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_KEPT = 20_000_000
"""A larger file is not even kept: nothing of KSeF is near it."""
NUMBER_LENGTH = 36
_UPO_MARK = b"upo.schematy.mf.gov.pl"
_HEAD = 4096


@dataclass(frozen=True)
class Told:
    """What whoever delivers a document knows of it beside its bytes."""

    number: str = ""
    mode: str = ""
    accepted_at: datetime | None = None
    code_ii_url: str = ""


@dataclass(frozen=True)
class Taken:
    """A file that was taken in, or that was here already (`is_new` off)."""

    record: KsefDocument | KsefConfirmation
    is_new: bool

    @property
    def is_confirmation(self) -> bool:
        """Whether it is a UPO."""
        return isinstance(self.record, KsefConfirmation)


def looks_like_confirmation(content: bytes) -> bool:
    """Whether the file speaks of being a UPO; only for choosing the shelf, the judge decides."""
    return _UPO_MARK in content[:_HEAD]


def take(
    content: bytes,
    file_name: str,
    *,
    told: Told | None = None,
    origin: str = KsefOrigin.UPLOAD,
    batch_id: int | None = None,
    actor: Any = None,
    request: HttpRequest | None = None,
) -> Taken:
    """Keep a file and judge it. Raises `ValueError` above `MOST_KEPT` bytes.

    The file and its row are committed before anybody looks inside, so that a document that breaks the judge
    is still there. Bytes that are here already are not kept twice; what is newly told of them is added.
    """
    if len(content) > MOST_KEPT:
        raise ValueError(f"{len(content)} bytes")
    model = KsefConfirmation if looks_like_confirmation(content) else KsefDocument
    told = told or Told()
    sha256 = hashlib.sha256(content).hexdigest()
    known = model.objects.filter(sha256=sha256).first()
    is_new = known is None
    if known is None:
        row = model(
            file_name=shown_name(file_name),
            size=len(content),
            sha256=sha256,
            origin=origin,
            batch_id=batch_id,
            received_at=timezone.now(),
            received_by=actor if getattr(actor, "pk", None) else None,
        )
        known, is_new = _kept(row, content)
    learned = isinstance(known, KsefDocument) and _add_told(known, told, file_name, is_new=is_new)
    if is_new or known.state in (KsefState.RECEIVED, KsefState.WAITING) or learned or _tells_more(told):
        judging.judge(known, actor=actor, request=request)
        known.refresh_from_db()
    return Taken(known, is_new)


def _kept(
    row: KsefDocument | KsefConfirmation, content: bytes
) -> tuple[KsefDocument | KsefConfirmation, bool]:
    """The row with its file, committed; the other one where the same bytes came in at the same time."""
    row.file.save("dokument.xml", ContentFile(content), save=False)
    name, storage = str(row.file.name), row.file.storage
    try:
        with transaction.atomic():
            row.save()
            record(
                "e_faktura.ksef_received",
                text=_("File of KSeF received: %(name)s") % {"name": row.file_name},
                actor=row.received_by,
                obj=row,
                payload={"sha256": row.sha256, "size": row.size, "origin": row.origin},
            )
    except IntegrityError:
        storage.delete(name)
        return type(row).objects.get(sha256=row.sha256), False
    return row, True


def _add_told(row: KsefDocument, told: Told, file_name: str, *, is_new: bool) -> bool:
    """Write down what is told, and say whether that was news; what is known is only replaced by something.

    Of a document that is here already, a wrong number in the name of one more copy says nothing.
    """
    named = numbers.named_in(PurePath(file_name).name)
    if not is_new and numbers.fault_of(named):
        named = ""
    changed = {
        "number": told.number.strip().upper()[:NUMBER_LENGTH] or row.number or named,
        "mode": told.mode or row.mode,
        "accepted_at": told.accepted_at or row.accepted_at,
        "code_ii_url": told.code_ii_url.strip() or row.code_ii_url,
    }
    if all(getattr(row, name) == value for name, value in changed.items()):
        return False
    KsefDocument.objects.filter(pk=row.pk).update(**changed)
    row.refresh_from_db()
    return True


def _tells_more(told: Told) -> bool:
    return told != Told()
