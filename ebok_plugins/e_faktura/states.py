"""What state a bill is in, in words, tone and icon (D03)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ebok.billing.models import Invoice
from ebok.look.templatetags.eb import day_short


def state_of(invoice: Invoice, today: date) -> dict[str, str]:
    """For `components/tag.html`: cancelled, late, to be paid, in the customer's favour, or settled."""
    if invoice.is_cancelled:
        return {"text": _("cancelled"), "tone": "mute", "icon": "close"}
    if invoice.open_amount < 0:
        return {"text": _("in your favour"), "tone": "ok", "icon": "check"}
    if invoice.open_amount == 0:
        paid = invoice.paid_on is not None
        return {"text": _("paid") if paid else pgettext("a bill", "settled"), "tone": "ok", "icon": "check"}
    if days := days_late(invoice, today):
        words = ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}
        return {"text": words, "tone": "bad", "icon": "warning"}
    if 0 < invoice.open_amount < invoice.gross:
        return {"text": _("partly paid"), "tone": "due", "icon": "clock"}
    return {"text": _("to pay"), "tone": "due", "icon": "clock"}


def days_late(invoice: Invoice, today: date) -> int:
    """How many days ago the bill was due; 0 for one that is not late."""
    if invoice.is_cancelled or invoice.due_on is None or invoice.open_amount <= 0:
        return 0
    return max(0, (today - invoice.due_on).days)


def period_of(invoice: Invoice) -> str:
    """ "1.05.2026 – 31.05.2026"; "" where the document has no period."""
    if invoice.period_from is None and invoice.period_to is None:
        return ""
    days = [day_short(day) for day in (invoice.period_from, invoice.period_to) if day is not None]
    return " – ".join(days)
