"""Work for the background worker: letters to clients. Each may run twice; a letter twice is no harm."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from ebok.accounts.letters import Letter, bodies_of
from ebok_plugins.client_zone.models import AccountRequest, RequestState


@task()
def tell_decision(request_pk: int) -> None:
    """Tell the person who sent a request what the office decided."""
    row = AccountRequest.objects.select_related("sent_by", "customer").filter(pk=request_pk).first()
    if row is None or row.sent_by is None or not row.sent_by.is_active:
        return
    with translation.override("pl"):
        approved = row.state == RequestState.APPROVED
        subject = (
            _("We have accepted your request %(number)s")
            if approved
            else _("We could not accept your request %(number)s")
        ) % {"number": row.number}
        about = _("It is about: %(kind)s, customer %(code)s.") % {
            "kind": row.get_kind_display(),
            "code": row.customer.code,
        }
        next_step = _("The change will show in the portal once the billing system has taken it over.")
        sentences = [about, row.answer, next_step if approved and row.changes else ""]
        letter = Letter(subject=subject, sentences=tuple(_plain(text) for text in sentences if text))
        text, html = bodies_of(letter, {}, None)
    message = EmailMultiAlternatives(subject, text, to=[row.sent_by.email])
    message.attach_alternative(html, "text/html")
    message.send()


def _plain(text: str) -> str:
    """A sentence that names no values: what people typed may hold a percent sign."""
    return text.replace("%", "%%")
