"""Work for the background worker: PDFs and scans. Each may run twice; the second time does nothing."""

from __future__ import annotations

from django_tasks import task

from ebok.files import scanning
from ebok_plugins.e_dokument import telling
from ebok_plugins.e_dokument.models import Application, Attachment
from ebok_plugins.e_dokument.models.applications import ScanState


@task()
def confirm_application(application_pk: int) -> None:
    """Send the applicant a confirmation with the PDF, unless that has been done."""
    application = Application.objects.select_related("site").filter(pk=application_pk).first()
    if application is not None and application.email and application.confirmed_at is None:
        telling.confirm(application)


@task()
def scan_attachment(attachment_pk: str) -> None:
    """Ask the virus scanner about an attachment and write down what it said."""
    scan = scanning.scanner()
    attachment = Attachment.objects.filter(pk=attachment_pk, scan=ScanState.WAITING).first()
    if scan is None or attachment is None:
        return
    with attachment.file.open("rb") as content:
        verdict = ScanState.CLEAN if scan(content) else ScanState.INFECTED
    Attachment.objects.filter(pk=attachment.pk).update(scan=verdict)
