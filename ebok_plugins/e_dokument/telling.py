"""Letters about applications: stored in the outbox in the transaction of what they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation

from ebok.look.templatetags.eb import day_year
from ebok.notifications.addresses import address_of
from ebok.notifications.forgetting import forget_about
from ebok.notifications.services import File, send
from ebok_plugins.e_dokument.models import Application, DocumentSettings, Step
from ebok_plugins.e_dokument.printing import application_pdf, pdf_name

if TYPE_CHECKING:
    from ebok.notifications.models import Message

ABOUT, ANSWER = "e_dokument.application", "e_dokument.answer"
"""Messages carry these labels, with the id of an application or of a step of one."""


def confirm(application: Application) -> None:
    """Confirm to the applicant, with the PDF; the second time does nothing."""
    with translation.override(application.language):
        values = {**_values(application), "day": day_year(application.sent_at)}
        pdf = File(
            name=pdf_name(application), content=application_pdf(application), content_type="application/pdf"
        )
    with transaction.atomic():
        send(
            "e_dokument.received",
            site=application.site,
            email=application.email,
            language=application.language,
            values=values,
            key=str(application.pk),
            owner=(ABOUT, application.pk),
            attachments=[pdf],
            reply_to=_office(application),
        )
        Application.objects.filter(pk=application.pk).update(confirmed_at=timezone.now())


def tell_office(application: Application) -> None:
    """Tell the address from the settings that an application came in, without personal data."""
    address = _office(application)
    if address:
        send(
            "e_dokument.arrived",
            site=application.site,
            email=address,
            language="pl",
            values=_values(application),
            url=address_of(
                application.site, "employee:e_dokument:application", language="pl", pk=application.pk
            ),
            key=str(application.pk),
            owner=(ABOUT, application.pk),
        )


def answer(step: Step) -> None:
    """Send the applicant what an employee wrote."""
    application = step.application
    send(
        "e_dokument.answered",
        site=application.site,
        email=application.email,
        language=application.language,
        values={**_values(application), "text": step.text},
        key=str(step.pk),
        owner=(ANSWER, step.pk),
        reply_to=_office(application),
    )


def message_changed(message: Message, state: str, **_more: Any) -> None:
    """The history of an application shows when an answer has gone out."""
    if message.owner_label == ANSWER and message.owner_id is not None and state == "sent":
        Step.objects.filter(pk=message.owner_id, mailed_at=None).update(mailed_at=timezone.now())


def forget(application: Application) -> None:
    """The application is deleted: what was written about it is forgotten."""
    forget_about(ABOUT, [application.pk])
    forget_about(ANSWER, application.steps.values_list("pk", flat=True))


def _values(application: Application) -> dict[str, str]:
    return {"number": application.number, "title": application.title}


def _office(application: Application) -> str:
    address: str = DocumentSettings.for_site(application.site).notification_email
    return address
