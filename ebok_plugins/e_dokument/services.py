"""Writes: storing files, counting downloads, sending and handling applications.

Each is one transaction with one journal event; letters go out after it has held.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.files import scanning
from ebok.files.checking import CheckedFile
from ebok.files.names import folded, shown_name
from ebok.journal.services import record
from ebok_plugins.e_dokument import queries, rules, telling
from ebok_plugins.e_dokument.models import (
    Application,
    ApplicationForm,
    Attachment,
    DocumentSettings,
    DocumentTemplate,
    DocumentVersion,
    DownloadCount,
    NumberSeries,
    QuestionKind,
    Step,
    StoredFile,
)
from ebok_plugins.e_dokument.models.applications import ScanState, StateChoice, StepKind


class ChangedMeanwhile(Exception):
    """Somebody else changed the application since this person opened it; nothing was done."""

    def __init__(self, application: Application) -> None:
        last = application.steps.select_related("by").last()
        who = str(last.by) if last and last.by else _("somebody")
        moment = timezone.localtime(application.changed_at)
        super().__init__(
            _("%(who)s changed this application at %(hour)s. Look at it and decide once more.")
            % {"who": who, "hour": f"{moment:%H:%M}"}
        )


class StepRefused(Exception):
    """The application is in a state in which this cannot be done; the message says so."""


# Documents ----------------------------------------------------------------------------------


@transaction.atomic
def store_file(checked: CheckedFile) -> StoredFile:
    """Keep a checked file; the same content under the same name is kept once."""
    name = shown_name(checked.name)
    found = StoredFile.objects.filter(
        sha256=checked.sha256, original_name=name, extension=checked.extension
    ).first()
    if found is not None and found.file.storage.exists(str(found.file.name)):
        return found
    stored = StoredFile(
        original_name=name, extension=checked.extension, size=checked.size, sha256=checked.sha256
    )
    stored.file.save(f"plik.{checked.extension}", ContentFile(checked.content), save=False)
    stored.save()
    return stored


@transaction.atomic
def remember_version(document: DocumentTemplate) -> None:
    """Keep the published file in the document's history, with what was said about it."""
    if document.file_id is None:
        return
    DocumentVersion.objects.update_or_create(
        template=document,
        file_id=document.file_id,
        defaults={
            "version": document.version,
            "valid_from": document.valid_from,
            "valid_to": document.valid_to,
        },
    )


@transaction.atomic
def count_download(document: DocumentTemplate, stored: StoredFile, *, request: Any) -> None:
    """Count a download and journal it."""
    DownloadCount.objects.get_or_create(template=document)
    DownloadCount.objects.filter(template=document).update(
        downloads=F("downloads") + 1, last_at=timezone.now()
    )
    record(
        "e_dokument.downloaded",
        text=_("Document “%(title)s” (%(file)s) was downloaded.")
        % {"title": document.title, "file": stored.original_name},
        request=request,
        obj=document,
        payload={"sha256": stored.sha256, "version": document.version},
    )


# Sending ------------------------------------------------------------------------------------


def confirmation_token(client_key: uuid.UUID) -> str:
    """The secret part of the confirmation's address, 64 hexadecimal digits.

    It follows from the key of the sending, so that a second click leads to the same page, and
    only its digest is stored.
    """
    return salted_hmac("e_dokument.confirmation", str(client_key), algorithm="sha256").hexdigest()


def keep_attachment(checked: CheckedFile, *, draft_key: uuid.UUID, question_key: str) -> Attachment:
    """Store a file of an application that is not sent yet, so that a mistake elsewhere does not lose it."""
    scan = ScanState.WAITING if scanning.scanner() else ScanState.NOT_SCANNED
    attachment = Attachment(
        draft_key=draft_key,
        question_key=question_key,
        original_name=shown_name(checked.name),
        extension=checked.extension,
        size=checked.size,
        sha256=checked.sha256,
        scan=scan,
    )
    attachment.file.save(f"plik.{checked.extension}", ContentFile(checked.content), save=False)
    attachment.save()
    return attachment


def drop_attachments(draft_key: uuid.UUID, ids: Iterable[uuid.UUID]) -> None:
    """Delete files a visitor took off an application that is not sent yet."""
    for attachment in Attachment.objects.filter(
        draft_key=draft_key, application__isnull=True, pk__in=list(ids)
    ):
        attachment.delete()


@dataclass(frozen=True)
class Sending:
    """What a visitor sends: answers by question key, and the key that makes a second click harmless."""

    form: ApplicationForm
    client_key: uuid.UUID
    answers: Mapping[str, str | list[str]]
    language: str = "pl"


def submit(sending: Sending, *, request: Any = None) -> tuple[Application, bool]:
    """Take in an application; returns it and whether it is new.

    The same key never makes a second application, also when both requests come at once.
    """
    try:
        return _submit(sending, request)
    except IntegrityError:
        # The other request of a double click was quicker; anything else is not ours to hide.
        known = Application.objects.filter(client_key=sending.client_key).first()
        if known is None:
            raise
        return known, False


@transaction.atomic
def _submit(sending: Sending, request: Any) -> tuple[Application, bool]:
    known = Application.objects.filter(client_key=sending.client_key).first()
    if known is not None:
        return known, False
    form, now = sending.form, timezone.now()
    site = form.template.site
    attachments = queries.draft_attachments(sending.client_key)
    answers = _answers(sending, attachments)
    first = {kind: _first(answers, kind) for kind in (QuestionKind.NAME, QuestionKind.EMAIL)}
    application = Application.objects.create(
        number=next_number(timezone.localtime(now).year),
        site=site,
        template=form.template,
        title=form.title,
        language=sending.language,
        answers=answers,
        applicant=first[QuestionKind.NAME][:200],
        email=first[QuestionKind.EMAIL],
        sent_at=now,
        changed_at=now,
        client_key=sending.client_key,
        token_digest=queries.token_digest(confirmation_token(sending.client_key)),
        token_expires_at=now + timedelta(days=DocumentSettings.for_site(site).link_days),
    )
    application.search_text = _searched_text(application)
    application.save(update_fields=["search_text"])
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in attachments]).update(
        application=application
    )
    Step.objects.create(application=application, kind=StepKind.SENT, state=StateChoice.NEW, at=now)
    record(
        "e_dokument.application_sent",
        text=_("Application %(number)s “%(title)s” was sent.")
        % {"number": application.number, "title": application.title},
        request=request,
        site=site,
        obj=application,
        payload={"number": application.number, "attachments": len(attachments)},
    )
    _afterwards("confirm_application", application.pk)
    telling.tell_office(application)
    if scanning.scanner():
        for attachment in attachments:
            _afterwards("scan_attachment", str(attachment.pk))
    return application, True


def next_number(year: int) -> str:
    """The next number of the year. Call it inside a transaction: the row stays locked until its end."""
    NumberSeries.objects.get_or_create(year=year)
    # The update takes the row's lock (on SQLite the transaction has the file's), so what is read
    # next is ours alone.
    NumberSeries.objects.filter(year=year).update(last=F("last") + 1)
    return rules.number_text(year, NumberSeries.objects.get(year=year).last)


def _answers(sending: Sending, attachments: list[Attachment]) -> list[dict[str, Any]]:
    rows = []
    for question in queries.questions_of(sending.form):
        value = sending.answers.get(question.key, "")
        if question.kind == QuestionKind.ATTACHMENT:
            value = [
                attachment.original_name
                for attachment in attachments
                if attachment.question_key == question.key
            ]
        rows.append({"key": question.key, "kind": question.kind, "label": question.label, "value": value})
    return rows


def _first(answers: list[dict[str, Any]], kind: str) -> str:
    return next((row["value"] for row in answers if row["kind"] == kind and row["value"]), "")


def _searched_text(application: Application) -> str:
    kinds = (QuestionKind.NAME, QuestionKind.EMAIL, QuestionKind.PHONE, QuestionKind.ADDRESS)
    values = [row["value"] for row in application.answers if row["kind"] in kinds]
    return folded(" ".join([application.number, application.title, *values]))


def _afterwards(task: str, *args: Any) -> None:
    # Tasks call services, so they are imported when the first one is put into the queue.
    from ebok_plugins.e_dokument import background  # noqa: PLC0415 (import cycle)

    transaction.on_commit(partial(getattr(background, task).enqueue, *args))


# Handling -----------------------------------------------------------------------------------


@transaction.atomic
def take_over(application: Application, *, by: User, seen: int) -> Application:
    """Make this employee the one who handles it; a new one is then in progress.

    Raises `ChangedMeanwhile` when it is no longer as this person saw it (`seen`: its `changes`).
    """
    row = _locked(application, seen)
    row.handler_id = by.pk
    if row.state in (StateChoice.NEW, StateChoice.CLOSED):
        row.state, row.closed_at = StateChoice.IN_PROGRESS, None
    _changed(row)
    Step.objects.create(application=row, kind=StepKind.TAKEN, state=row.state, by=by)
    _journal(
        "application_taken", row, by, _("Application %(number)s was taken over by %(who)s."), who=str(by)
    )
    return row


@transaction.atomic
def change_state(application: Application, *, state: str, by: User, seen: int) -> Application:
    """Put it into another state. Raises `ChangedMeanwhile` and `StepRefused`."""
    row = _locked(application, seen)
    if not row.may_become(state):
        raise StepRefused(
            _("An application that is “%(now)s” cannot be put there.") % {"now": row.get_state_display()}
        )
    old = row.get_state_display()
    row.state = state
    row.closed_at = timezone.now() if state == StateChoice.CLOSED else None
    _changed(row)
    Step.objects.create(application=row, kind=StepKind.STATE, state=state, by=by)
    _journal(
        "application_state_changed",
        row,
        by,
        _("Application %(number)s: state changed from “%(old)s” to “%(new)s”."),
        old=old,
        new=row.get_state_display(),
    )
    return row


@transaction.atomic
def add_note(application: Application, *, text: str, by: User, seen: int) -> Step:
    """Write a note only staff can read. Raises `ChangedMeanwhile`."""
    row = _locked(application, seen)
    _changed(row)
    step = Step.objects.create(application=row, kind=StepKind.NOTE, text=text, by=by)
    _journal("application_noted", row, by, _("A note was added to application %(number)s."))
    return step


@transaction.atomic
def reply(application: Application, *, text: str, by: User, seen: int) -> Step:
    """Answer by e-mail; the application is then answered. Raises `ChangedMeanwhile` and `StepRefused`."""
    row = _locked(application, seen)
    if not row.email:
        raise StepRefused(_("The applicant gave no e-mail address."))
    if row.state != StateChoice.ANSWERED:
        if not row.may_become(StateChoice.ANSWERED):
            raise StepRefused(_("Take the application over first, then answer it."))
        row.state = StateChoice.ANSWERED
    if row.handler_id is None:
        row.handler_id = by.pk
    _changed(row)
    step = Step.objects.create(application=row, kind=StepKind.REPLY, state=row.state, text=text, by=by)
    _journal("application_replied", row, by, _("Application %(number)s was answered by e-mail."))
    telling.answer(step)
    return step


def journal_viewed(application: Application, *, request: Any) -> None:
    """Say in the journal that an employee opened an application: it shows personal data."""
    record(
        "e_dokument.application_viewed",
        text=_("Application %(number)s was opened.") % {"number": application.number},
        request=request,
        obj=application,
    )


def journal_attachment(attachment: Attachment, *, request: Any) -> None:
    """Say in the journal that an employee downloaded an attachment."""
    record(
        "e_dokument.attachment_downloaded",
        text=_("An attachment of application %(number)s was downloaded: %(name)s.")
        % {"number": attachment.application.number, "name": attachment.original_name},  # type: ignore[union-attr]
        request=request,
        obj=attachment.application,
        payload={"attachment": str(attachment.pk), "sha256": attachment.sha256},
    )


def delete_application(application: Application, *, actor: str) -> None:
    """Delete an application with everything that belongs to it; the journal keeps the number."""
    with transaction.atomic():
        number, site = application.number, application.site
        telling.forget(application)
        for attachment in application.attachments.all():
            attachment.delete()
        record(
            "e_dokument.application_deleted",
            text=_("Application %(number)s was deleted after its retention.") % {"number": number},
            actor=actor,
            site=site,
            obj=application,
            payload={"number": number},
        )
        application.delete()


def _locked(application: Application, seen: int) -> Application:
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.changes != seen:
        raise ChangedMeanwhile(row)
    return row


def _changed(row: Application) -> None:
    row.changes += 1
    row.changed_at = timezone.now()
    row.save(update_fields=["state", "closed_at", "handler", "changes", "changed_at"])


def _journal(kind: str, row: Application, by: User, sentence: str, **words: str) -> None:
    record(
        f"e_dokument.{kind}",
        text=sentence % {"number": row.number, **words},
        actor=by,
        obj=row,
        payload={"state": row.state},
    )


def site_settings(site: Site) -> DocumentSettings:
    """The module's settings of a site; defaults where nothing was saved."""
    return DocumentSettings.for_site(site)
