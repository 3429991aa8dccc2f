"""Scans of signed contracts (C05): kept privately, checked, and handed out to whoever may see them.

`serve` asks no questions: the view that calls it has found the contract among those its reader may see.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from ebok.customers.models import Contract
from ebok.files import scanning
from ebok.files.checking import CONTENT_TYPES, MEGABYTE, CheckedFile, check
from ebok.files.serving import file_response
from ebok.journal.services import record

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

KINDS = ("pdf", "jpg", "png")
LIMIT = 20 * MEGABYTE


def checked(upload: File[bytes]) -> CheckedFile:
    """A PDF or a picture that is what it says, up to 20 MB, and free of viruses where a scanner is set.

    Raises `ValidationError` with a sentence.
    """
    found = check(upload, KINDS, LIMIT)
    scan = scanning.scanner()
    if scan is not None and not scan(ContentFile(found.content)):
        raise ValidationError(
            _("The virus scanner refuses “%(name)s”."), code="virus", params={"name": found.name}
        )
    return found


def keep(
    contract: Contract,
    file: CheckedFile,
    *,
    actor: Any,
    delivered_as: str = "",
    request: HttpRequest | None = None,
) -> None:
    """Keep the scan in place of an earlier one, which is deleted once the change has held.

    `delivered_as` is what the billing system calls its file; "" for one that is added by hand.
    """
    with transaction.atomic():
        locked = Contract.objects.select_for_update().get(pk=contract.pk)
        earlier = str(locked.scan.name or "")
        locked.scan.save(f"umowa.{file.extension}", ContentFile(file.content), save=False)
        locked.scan_from = delivered_as
        locked.save(update_fields=["scan", "scan_from"])
        contract.scan, contract.scan_from = locked.scan.name, delivered_as
        _delete_later(locked.scan.storage, earlier)
        record(
            "customers.scan_kept",
            text=_("Scan of contract %(contract)s kept: %(file)s")
            % {"contract": contract.number, "file": file.name},
            actor=actor,
            request=request,
            customer_id=contract.customer_id,
            obj=contract,
            payload={"sha256": file.sha256, "size": file.size, "replaces": bool(earlier)},
        )


def remove(contract: Contract, *, actor: Any, reason: str = "", request: HttpRequest | None = None) -> bool:
    """Remove the scan; False when there was none."""
    with transaction.atomic():
        locked = Contract.objects.select_for_update().get(pk=contract.pk)
        earlier = str(locked.scan.name or "")
        if not earlier:
            return False
        Contract.objects.filter(pk=locked.pk).update(scan="", scan_from="")
        contract.scan = ""
        _delete_later(locked.scan.storage, earlier)
        record(
            "customers.scan_removed",
            text=_("Scan of contract %(contract)s removed") % {"contract": contract.number},
            actor=actor,
            request=request,
            customer_id=contract.customer_id,
            obj=contract,
            payload={"reason": reason.strip()},
        )
    return True


def serve(request: HttpRequest, contract: Contract, *, inline: bool = False) -> HttpResponseBase:
    """The scan for downloading, or `inline` for the browser to show; 404 when there is none."""
    name = str(contract.scan.name or "")
    extension = PurePath(name).suffix.lstrip(".")
    if extension not in KINDS:
        raise Http404
    try:
        return file_response(
            request,
            contract.scan,
            name=f"{_('contract')}-{contract.number.replace('/', '-')}.{extension}",
            extension=extension,
            content_type=CONTENT_TYPES[extension],
            size=contract.scan.size,
            inline=inline,
        )
    except FileNotFoundError:
        raise Http404 from None


def _delete_later(storage: Storage, name: str) -> None:
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
