"""Letters, scans and the timer's work: each may run twice."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import IO, Any

import pytest
import time_machine
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.files.checking import CheckedFile
from ebok.journal.models import Event
from ebok.notifications.models import Message
from ebok.testing.letters import sent_letters
from ebok_plugins.e_dokument import background, services, tasks, telling
from ebok_plugins.e_dokument.models import Application, ApplicationForm, Attachment, DocumentSettings, Step
from ebok_plugins.e_dokument.models.applications import ScanState
from ebok_plugins.e_dokument.testing import make_application, png


def test_a_confirmation_goes_out_once(application: Application) -> None:
    for _time in range(2):
        background.confirm_application.call(application.pk)
    (letter,) = sent_letters()
    [(name, content, kind)] = letter.attachments
    assert name.endswith(".pdf")
    assert (content[:5], kind) == (b"%PDF-", "application/pdf")


def test_a_confirmation_is_in_the_senders_language(application: Application) -> None:
    Application.objects.update(language="en")
    background.confirm_application.call(application.pk)
    assert sent_letters()[0].subject == f"We have your application {application.number}"


def test_without_an_address_there_is_no_letter(form: ApplicationForm) -> None:
    background.confirm_application.call(make_application(form).pk)
    background.confirm_application.call(0)
    assert sent_letters() == []


def test_staff_are_told_without_personal_data(application: Application, site: Site, enable: Any) -> None:
    telling.tell_office(application)
    assert sent_letters() == []
    enable("employee_zone")
    DocumentSettings.objects.update_or_create(site=site, defaults={"notification_email": "bok@example.org"})
    for _time in range(2):
        telling.tell_office(application)
    (letter,) = sent_letters()
    assert letter.to == ["bok@example.org"]
    assert f"/pracownik/wnioski/{application.pk}/" in letter.body
    assert "Łucja" not in str(letter.subject) + str(letter.body)


def test_an_answer_goes_out_once(application: Application, handler: User) -> None:
    step = services.reply(application, text="Będzie dobrze.", by=handler, seen=0)
    assert step.mailed_at is None
    telling.answer(step)
    (letter,) = sent_letters()
    assert "Będzie dobrze." in letter.body
    assert Step.objects.get(pk=step.pk).mailed_at is not None


# Scanner -------------------------------------------------------------------------------------


def says_clean(content: IO[bytes]) -> bool:
    return content.read(4) == b"\x89PNG"


def says_infected(_content: IO[bytes]) -> bool:
    return False


@pytest.mark.feature("G18")
@pytest.mark.parametrize(
    ("scanner", "verdict"), [("says_clean", ScanState.CLEAN), ("says_infected", ScanState.INFECTED)]
)
def test_attachments_wait_until_they_are_scanned(
    scanner: str, verdict: str, form: ApplicationForm, settings: Any
) -> None:
    settings.EBOK_ANTIVIRUS = f"{__name__}.{scanner}"
    attachment = make_application(form).attachments.get()
    assert (attachment.scan, attachment.may_be_opened) == (ScanState.WAITING, False)
    background.scan_attachment.call(str(attachment.pk))
    attachment.refresh_from_db()
    assert attachment.scan == verdict


# The timer -----------------------------------------------------------------------------------


def test_forgotten_files_are_cleared_away(application: Application) -> None:
    forgotten = services.keep_attachment(
        CheckedFile("a.png", "png", png()), draft_key=uuid.uuid4(), question_key="x"
    )
    assert tasks.clear_drafts() is None
    with time_machine.travel(forgotten.stored_at + timedelta(hours=25)):
        assert tasks.clear_drafts() == "Usunięte pliki: 1."
        assert tasks.clear_drafts() is None
    assert list(Attachment.objects.all()) == [application.attachments.get()]


def test_files_go_with_their_rows(application: Application, django_capture_on_commit_callbacks: Any) -> None:
    attachment = application.attachments.get()
    storage, name = attachment.file.storage, str(attachment.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        attachment.delete()
    assert not storage.exists(name)


def test_confirmations_a_crash_kept_back_go_out(application: Application) -> None:
    """The worker or the web server died between the commit and the queue."""
    with time_machine.travel(application.sent_at + timedelta(minutes=5)):
        assert tasks.confirm_again() is None
    with time_machine.travel(application.sent_at + timedelta(minutes=11)):
        assert tasks.confirm_again() == "Ponowione potwierdzenia: 1."
        assert len(sent_letters()) == 1
        assert tasks.confirm_again() is None


def test_closed_applications_fall_to_retention(
    application: Application, form: ApplicationForm, site: Site, handler: User
) -> None:
    DocumentSettings.objects.update_or_create(site=site, defaults={"retention_months": 12})
    still_open = make_application(form)
    background.confirm_application.call(application.pk)
    closed = services.change_state(application, state="closed", by=handler, seen=0)
    assert closed.closed_at is not None
    with time_machine.travel(closed.closed_at + timedelta(days=300)):
        assert tasks.apply_retention(site) is None
    with time_machine.travel(closed.closed_at + timedelta(days=370)):
        assert tasks.apply_retention(site) == "Usunięte wnioski: 1."
    assert list(Application.objects.all()) == [still_open]
    assert (
        not Message.objects.exclude(address="", values={}, subject="", body="")
        .filter(owner_id=application.pk)
        .exists()
    )
    assert Event.objects.get(kind="e_dokument.application_deleted").object_id == str(application.pk)


def test_zero_keeps_everything(application: Application, site: Site, handler: User) -> None:
    DocumentSettings.objects.update_or_create(site=site, defaults={"retention_months": 0})
    closed = services.change_state(application, state="closed", by=handler, seen=0)
    assert closed.closed_at is not None
    with time_machine.travel(closed.closed_at + timedelta(days=9000)):
        assert tasks.apply_retention(site) is None
