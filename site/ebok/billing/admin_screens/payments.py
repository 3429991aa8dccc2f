"""Payments: the repository of transactions (L10), entered and taken back by the operator (L03)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail_modeladmin.views import InstanceSpecificView

from ebok.billing.admin_screens import columns
from ebok.billing.admin_screens.addresses import LEDGER, PAYMENTS
from ebok.billing.admin_screens.filters import PaymentFilters
from ebok.billing.models import Allocation, Payment
from ebok.billing.services import (
    Recorded,
    delete_payment,
    overpayment_of,
    record_payment,
    reverse_payment,
)
from ebok.customers.admin_screens import addresses
from ebok.customers.admin_screens.columns import CUSTOMER, CUSTOMER_CODE, CUSTOMER_NAME, ORIGIN
from ebok.customers.models import Customer
from ebok.exchange.mirror import Mirrored
from ebok.exchange.registers.base import SafeModelAdmin
from ebok.exchange.registers.columns import Look, Shown, of_field, of_fields, said
from ebok.exchange.registers.entry_forms import EntryForm
from ebok.exchange.registers.lists import Listing
from ebok.exchange.registers.paging import Order
from ebok.exchange.registers.rights import Rights
from ebok.exchange.registers.sections import Link, Section, facts, facts_of, table
from ebok.exchange.registers.views import ConfirmMixin, RegisterDelete


class PaymentRights(Rights):
    """A payment is never rewritten: it is taken back and entered anew."""

    can_be_corrected = False

    def user_can_reverse_obj(self, user: Any, obj: Payment) -> bool:
        """Who may enter payments may take them back, once."""
        return obj.reversed_on is None and self.may(user, "change")


class PaymentForm(EntryForm):
    """A payment; its number is made when none is given."""

    left_out = frozenset({"booked_on", "account", "reversed_on"})
    may_be_empty = frozenset({"number"})
    save_words = gettext_lazy("Enter the payment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("paid_on", "")
        self.initial["paid_on"] = self.initial["paid_on"] or timezone.localdate().isoformat()
        self.fields["number"].help_text = _("Leave it empty and a number is made.")


class ReversePayment(ConfirmMixin, InstanceSpecificView):
    """Take a payment back, with a reason."""

    instance: Payment

    def check_action_permitted(self, user: Any) -> bool:
        """As entering; that it was reversed before is said on the page."""
        return bool(self.permission_helper.may(user, "change"))

    @property
    def here(self) -> str:
        """What is taken back."""
        return _("Reverse the payment %(number)s") % {"number": self.instance.number}

    @property
    def words(self) -> str:  # type: ignore[override]
        """The button."""
        return _("Reverse the payment")

    @property
    def reason_label(self) -> str:  # type: ignore[override]
        """The question."""
        return _("Reason for reversing")

    @property
    def warning(self) -> str:  # type: ignore[override]
        """What it means."""
        return _(
            "What this payment settled becomes open again. The payment stays in the register as reversed."
        )

    def do(self, reason: str) -> HttpResponse:
        """Through the service."""
        reverse_payment(self.instance, reason=reason, actor=self.request.user, request=self.request)
        messages.success(
            self.request, _("Payment %(number)s is reversed.") % {"number": self.instance.number}
        )
        return HttpResponseRedirect(self.model_admin.inspect_url(self.instance))


class DeletePayment(RegisterDelete):
    """Delete a payment that moves no money any more (K15)."""

    def remove(self, reason: str) -> None:
        """Through the service."""
        assert isinstance(self.instance, Payment)
        delete_payment(self.instance, reason=reason, actor=self.request.user, request=self.request)


class Payments(SafeModelAdmin):
    """Payments of all customers."""

    model = Payment
    base_url_path = PAYMENTS
    menu_icon = "download"
    add_words = gettext_lazy("Enter a payment")
    form_class = PaymentForm
    permission_helper_class = PaymentRights
    more_views = {"wycofaj": ReversePayment}
    delete_view_class = DeletePayment
    listing = Listing(
        model=Payment,
        room="billing",
        order=Order(("-paid_on", "-id")),
        filters=PaymentFilters,
        file_name="wplaty",
        rows=lambda: Payment.objects.select_related("customer"),
        mark=columns.mark_of_payment,
        columns=(
            columns.PAYMENT[0],
            of_field(Payment, "paid_on"),
            CUSTOMER,
            *of_fields(Payment, ("amount", "method", "title")),
            columns.STATE_OF_PAYMENT,
            ORIGIN,
        ),
        export=(
            CUSTOMER_CODE,
            CUSTOMER_NAME,
            *of_fields(Payment, ("number", "paid_on", "booked_on", "amount", "method", "title", "account")),
            of_field(Payment, "reversed_on"),
            columns.STATE_OF_PAYMENT,
            ORIGIN,
        ),
    )

    def sections(self, row: Payment, request: HttpRequest) -> list[Section]:
        """The payment, and what it settled."""
        own = {"customer_id": row.customer_id}
        settled = list(
            Allocation.objects.filter(**own, payment=row, entry__customer_id=row.customer_id)
            .select_related("entry")
            .order_by("entry__due_on", "entry_id")
        )
        left = overpayment_of(row)
        names = ("number", "paid_on", "booked_on", "amount", "method", "title", "account", "reversed_on")
        return [
            Section(
                key="dane",
                title=_("Payment"),
                facts=[
                    *facts(row, [CUSTOMER]),
                    *facts_of(row, names),
                    *facts(row, [columns.STATE_OF_PAYMENT]),
                ],
            ),
            Section(
                key="rozliczono",
                title=_("What it settled"),
                tables=[table(_("What it settled"), SETTLED, settled)],
                empty="" if settled else _("It settles nothing."),
                note=_("%(amount)s of it is an overpayment.")
                % {"amount": said(-left.open_amount, Look.MONEY)}
                if left and left.open_amount
                else "",
                links=[Link(addresses.of_row(LEDGER, left.pk), left.title)]
                if left and left.open_amount
                else [],
            ),
        ]

    def actions(self, row: Payment, request: HttpRequest) -> list[Link]:
        """With the way back."""
        found = super().actions(row, request)
        if self.permission_helper.user_can_reverse_obj(request.user, row):
            found.insert(0, Link(self.address("wycofaj", row), _("Reverse the payment…"), strong=True))
        return found

    def save(self, form: EntryForm, row: Mirrored, request: HttpRequest, *, new: bool) -> None:
        """Through the service, which settles what is due first."""
        assert isinstance(row, Payment)
        amount, paid_on = form.values["amount"], form.values["paid_on"]
        assert isinstance(amount, Decimal)
        assert isinstance(paid_on, date)
        recorded = record_payment(
            Customer.objects.get(pk=row.customer_id),
            amount=amount,
            paid_on=paid_on,
            method=row.method,
            number=row.number,
            title=row.title,
            actor=request.user,
            request=request,
        )
        row.pk, row.number = recorded.payment.pk, recorded.payment.number
        messages.info(request, _told(recorded))


def _told(recorded: Recorded) -> str:
    """What became of the money, in a sentence."""
    count = len(recorded.settled)
    settled = sum((part.amount for part in recorded.settled), Decimal(0))
    words = [
        ngettext(
            "%(amount)s settled %(count)d ledger entry.",
            "%(amount)s settled %(count)d ledger entries.",
            count,
        )
        % {"amount": said(settled, Look.MONEY), "count": count}
        if count
        else _("There was nothing to settle.")
    ]
    if recorded.overpayment is not None:
        rest = said(-recorded.overpayment.amount, Look.MONEY)
        words.append(_("%(amount)s became an overpayment.") % {"amount": rest})
    return " ".join(words)


SETTLED = (
    Shown(
        title=gettext_lazy("number of the entry"),
        value=lambda part: part.entry.number,
        look=Look.CODE,
        url=lambda part: addresses.of_row(LEDGER, part.entry_id),
    ),
    Shown(title=gettext_lazy("kind"), value=lambda part: part.entry.get_kind_display()),
    Shown(title=gettext_lazy("title"), value=lambda part: part.entry.title),
    Shown(title=gettext_lazy("date of payment"), value=lambda part: part.entry.due_on, look=Look.DATE),
    Shown(title=gettext_lazy("amount of the entry"), value=lambda part: part.entry.amount, look=Look.MONEY),
    Shown(title=gettext_lazy("settled amount"), value=lambda part: part.amount, look=Look.MONEY),
)
