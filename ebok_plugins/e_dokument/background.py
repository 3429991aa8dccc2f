"""Work for the background worker: letters and scans. Each may run twice; the second time does nothing."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from ebok.files import scanning
from ebok_plugins.e_dokument.models import Application, Attachment, DocumentSettings, Step
from ebok_plugins.e_dokument.models.applications import ScanState
from ebok_plugins.e_dokument.printing import application_pdf, pdf_name


@task()
def confirm_application(application_pk: int) -> None:
    """Send the applicant a confirmation with the PDF, unless that has been done."""
    application = _application(application_pk)
    if application is None or not application.email or application.confirmed_at is not None:
        return
    with translation.override(application.language):
        message = EmailMessage(
            subject=_("We have your application %(number)s") % {"number": application.number},
            body=render_to_string("e_dokument/mail/confirmation.txt", {"application": application}),
            to=[application.email],
            reply_to=_reply_to(application),
        )
        message.attach(pdf_name(application), application_pdf(application), "application/pdf")
    message.send()
    Application.objects.filter(pk=application.pk).update(confirmed_at=timezone.now())


@task()
def notify_staff(application_pk: int) -> None:
    """Tell the address from the settings that an application came in, without personal data."""
    application = _application(application_pk)
    if application is None:
        return
    address = DocumentSettings.for_site(application.site).notification_email
    if not address:
        return
    with translation.override("pl"):
        path = reverse("employee:e_dokument:application", kwargs={"pk": application.pk})
        EmailMessage(
            subject=_("New application %(number)s") % {"number": application.number},
            body=render_to_string(
                "e_dokument/mail/notification.txt",
                {"application": application, "link": f"{application.site.root_url}{path}"},
            ),
            to=[address],
        ).send()


@task()
def send_reply(step_pk: int) -> None:
    """Send an employee's answer, unless that has been done."""
    step = Step.objects.select_related("application__site").filter(pk=step_pk, mailed_at=None).first()
    if step is None or not step.application.email:
        return
    application = step.application
    with translation.override(application.language):
        EmailMessage(
            subject=_("Your application %(number)s") % {"number": application.number},
            body=render_to_string(
                "e_dokument/mail/reply.txt", {"application": application, "text": step.text}
            ),
            to=[application.email],
            reply_to=_reply_to(application),
        ).send()
    Step.objects.filter(pk=step.pk).update(mailed_at=timezone.now())


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


def _application(pk: int) -> Application | None:
    return Application.objects.select_related("site").filter(pk=pk).first()


def _reply_to(application: Application) -> list[str]:
    address = DocumentSettings.for_site(application.site).notification_email
    return [address] if address else []
