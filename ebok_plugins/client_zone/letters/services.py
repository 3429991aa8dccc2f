"""Ordering, printing, sending and cancelling letters; each change with one event of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.services import record
from ebok_plugins.client_zone.letters import background, choosing, queries
from ebok_plugins.client_zone.letters.printing import Printed, letters_pdf
from ebok_plugins.client_zone.letters.storage import files, names, new_name
from ebok_plugins.client_zone.models import AccessLetter, JoiningSettings, LetterBatch, LetterFile
from ebok_plugins.client_zone.registration import tokens

PART = 250
"""Letters in one file, and in one step of the work."""
ROWS = 500
"""Rows of one statement; SQLite takes no more values at once."""


class NothingToSend(Exception):
    """Nobody was chosen."""


def order(choice: choosing.Choice, *, site: Site, by: User, request: HttpRequest) -> LetterBatch:
    """Order letters for everybody the choice finds, at most `MOST_LETTERS`. Raises `NothingToSend`."""
    now = timezone.now()
    with transaction.atomic():
        ids = list(choosing.chosen(choice).values_list("pk", flat=True)[: choosing.MOST_LETTERS])
        if not ids:
            raise NothingToSend
        batch = _batch(choice.title, len(ids), site=site, by=by, now=now)
        for some in _some(ids):
            AccessLetter.objects.bulk_create(
                AccessLetter(customer_id=pk, batch=batch, asked_at=now) for pk in some
            )
        _hand_over(batch, by, request)
    return batch


def order_asked(*, site: Site, by: User, request: HttpRequest) -> LetterBatch:
    """Order the letters clients asked for and that nobody has printed yet. Raises `NothingToSend`."""
    now = timezone.now()
    with transaction.atomic():
        ids = list(queries.asked().select_for_update().values_list("pk", flat=True)[: choosing.MOST_LETTERS])
        if not ids:
            raise NothingToSend
        batch = _batch(_("asked for by clients"), 0, site=site, by=by, now=now)
        for some in _some(ids):
            batch.total += AccessLetter.objects.filter(pk__in=some, batch__isnull=True).update(batch=batch)
        batch.save(update_fields=["total"])
        _hand_over(batch, by, request)
    return batch


def print_part(batch_id: int) -> bool:
    """Make the next part of a batch: codes, the file, the rows. False when nothing is left to do.

    The codes exist only in the file and, for this moment, in memory. A crash before the rows are written
    leaves a file nobody knows, and the part is made anew.
    """
    batch = LetterBatch.objects.select_related("site").get(pk=batch_id)
    waiting = list(queries.unprinted(batch)[:PART])
    if not waiting:
        _finish(batch)
        return False
    now = timezone.now()
    until = now + timedelta(days=JoiningSettings.for_site(batch.site).letter_days)
    codes = {letter.pk: tokens.new_letter_code() for letter in waiting}
    printed = [
        Printed(letter.customer, codes[letter.pk], timezone.localtime(until).date()) for letter in waiting
    ]
    content = letters_pdf(printed, batch.site)
    name = files.save(new_name(), ContentFile(content))
    kept = False
    try:
        with transaction.atomic():
            made = LetterFile(letters=len(waiting), name=name, size=len(content))
            kept = _write_down(batch, waiting, codes, made, until=_end_of(until))
    finally:
        if not kept:
            files.delete(name)
    return True


def mark_sent(batch: LetterBatch, *, by: User, request: HttpRequest) -> bool:
    """The letters have gone to the post; False when somebody said so before, or they are not made yet."""
    now = timezone.now()
    with transaction.atomic():
        marked = LetterBatch.objects.filter(
            pk=batch.pk, finished_at__isnull=False, sent_at__isnull=True
        ).update(sent_at=now)
        if marked:
            batch.letters.filter(cancelled_at__isnull=True).update(sent_at=now)
            _record("letters_sent", _("Letters sent: %(title)s (%(count)d)"), batch, by, request)
    return bool(marked)


def cancel(batch: LetterBatch, *, by: User, request: HttpRequest) -> int:
    """No unused code of the batch works any more; what is not printed yet never will be."""
    with transaction.atomic():
        LetterBatch.objects.select_for_update().get(pk=batch.pk)
        cancelled = batch.letters.filter(used_at__isnull=True, cancelled_at__isnull=True).update(
            cancelled_at=timezone.now()
        )
        if cancelled:
            _record("letters_cancelled", _("Codes cancelled: %(title)s (%(count)d)"), batch, by, request)
    return cancelled


def record_download(file: LetterFile, *, by: User, request: HttpRequest) -> None:
    """Who took the codes home."""
    _record("letters_downloaded", _("Letters downloaded: %(title)s (%(count)d)"), file.batch, by, request)


def delete_files(batch: LetterBatch) -> None:
    """The codes need not lie about any longer; the rows stay."""
    for file in batch.files.all():
        files.delete(file.name)
    LetterBatch.objects.filter(pk=batch.pk).update(files_deleted_at=timezone.now())
    batch.files.all().delete()


def sweep(older_than: timedelta) -> int:
    """Delete files that no batch knows: a crash left them before their codes were kept."""
    known = set(LetterFile.objects.values_list("name", flat=True))
    old = timezone.now() - older_than
    unknown = [name for name in names() if name not in known and files.get_created_time(name) < old]
    for name in unknown:
        files.delete(name)
    return len(unknown)


def _batch(title: str, total: int, *, site: Site, by: User, now: datetime) -> LetterBatch:
    return LetterBatch.objects.create(
        site=site, title=title, made_at=now, made_by=by, total=total, touched_at=now
    )


def _hand_over(batch: LetterBatch, by: User, request: HttpRequest) -> None:
    _record("letters_ordered", _("Letters ordered: %(title)s (%(count)d)"), batch, by, request)
    transaction.on_commit(partial(background.print_batch.enqueue, batch.pk))


def _write_down(
    batch: LetterBatch,
    waiting: list[AccessLetter],
    codes: dict[int, str],
    file: LetterFile,
    *,
    until: datetime,
) -> bool:
    """Keep the hashes and the file; False when another worker has made this part meanwhile."""
    now = timezone.now()
    batch = LetterBatch.objects.select_for_update().get(pk=batch.pk)
    ids = [letter.pk for letter in waiting]
    still = set(queries.unprinted(batch).filter(pk__in=ids).values_list("pk", flat=True))
    if still != set(ids):
        return False
    for letter in waiting:
        letter.code_hash = tokens.letter_hash(letter.customer_id, codes[letter.pk])
        letter.made_at, letter.expires_at = now, until
    AccessLetter.objects.bulk_update(waiting, ["code_hash", "made_at", "expires_at"])
    file.batch, file.number = batch, batch.files.count() + 1
    file.save()
    batch.done += len(waiting)
    batch.touched_at = now
    batch.save(update_fields=["done", "touched_at"])
    return True


def _finish(batch: LetterBatch) -> None:
    with transaction.atomic():
        finished = LetterBatch.objects.filter(pk=batch.pk, finished_at__isnull=True).update(
            finished_at=timezone.now()
        )
        if finished:
            record(
                "client_zone.letters_made",
                text=_("Letters made: %(title)s (%(count)d)") % {"title": batch.title, "count": batch.done},
                actor="client_zone.letters",
                site=batch.site,
                obj=batch,
            )


def _end_of(moment: datetime) -> datetime:
    """The code works on its whole last day."""
    local = timezone.localtime(moment) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _record(name: str, text: str, batch: LetterBatch, by: User, request: HttpRequest) -> None:
    record(
        f"client_zone.{name}",
        text=text % {"title": batch.title, "count": batch.total},
        actor=by,
        request=request,
        site=batch.site,
        obj=batch,
        payload={"letters": batch.total},
    )


def _some(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + ROWS] for start in range(0, len(ids), ROWS))
