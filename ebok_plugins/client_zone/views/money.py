"""Receivables (D11, D12), balance (D14, D15), payments (D16) and the statement of account (D17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from django.views.generic.base import View
from wagtail.models import Site

from ebok.billing.models import Payment
from ebok.billing.queries import (
    NOTHING,
    Movement,
    Statement,
    ageing_of,
    dues_of,
    exact,
    open_entries_for,
    payments_for,
    statement_of,
)
from ebok.customers.models import Scope
from ebok.exchange.freshness import freshness
from ebok.journal.services import record
from ebok.look.templatetags.eb import day_hour
from ebok.zones.customer_pages import CustomerMixin
from ebok.zones.paging import page_of
from ebok.zones.views import Crumb
from ebok_plugins.client_zone import receivables, statement

PER_PAGE = 25
MOST_SETTLED = 5
"""What a payment settled is listed up to here; the rest is counted."""

PLACES: tuple[tuple[str, Any], ...] = (
    ("receivables", gettext_lazy("Receivables")),
    ("balance", gettext_lazy("Balance")),
    ("payments", gettext_lazy("Payments")),
    ("statement", gettext_lazy("Statement of account")),
)
"""The pages about money, as the bar above them names them."""
DATASETS = ("ledger", "payments")
"""What these pages are made of; the older of the two says how old they are."""


class MoneyPage(CustomerMixin, TemplateView):
    """A page about the customer's money, with the bar that joins them."""

    scopes = (Scope.BILLS,)
    place: ClassVar[str] = "receivables"
    help_topic = "balance"

    @cached_property
    def today(self) -> date:
        """One day for the whole page."""
        return timezone.localdate()

    def crumbs(self) -> list[Crumb]:
        """Receivables, then here."""
        first = (PLACES[0][1], reverse("client:client_zone:receivables"))
        return [(self.title, "")] if self.place == PLACES[0][0] else [first, (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The bar."""
        places = [
            (title, reverse(f"client:client_zone:{view}"), view == self.place) for view, title in PLACES
        ]
        return super().get_context_data(places=places, today=self.today, **kwargs)


class Receivables(MoneyPage):
    """What is not settled, those due first."""

    template_name = "client_zone/money/receivables.html"
    title = gettext_lazy("Receivables")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sum of everything, the sum of what is shown, one page of the table."""
        filters = receivables.Filters(
            self.request.GET or None, queryset=open_entries_for(self.customer), request=self.request
        )
        filters.form.all_optional = True
        filters.form.use_required_attribute = False
        found = filters.qs if filters.form.is_valid() or not filters.is_bound else filters.queryset
        table = receivables.table_of(self.request, found, _("What is not settled"))
        return super().get_context_data(
            dues=dues_of(self.customer, self.today),
            shown=exact(found.order_by().aggregate(sum=Sum("open_amount"))["sum"]),
            filters=filters,
            table=table,
            **kwargs,
        )


@dataclass(frozen=True)
class Part:
    """A part of the balance: name, what it means, amount."""

    title: Any
    meaning: Any
    amount: Decimal


class BalancePage(MoneyPage):
    """The balance, what it is made of, and how old the arrears are."""

    template_name = "client_zone/money/balance.html"
    title = gettext_lazy("Balance")
    place = "balance"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Two queries."""
        dues, ageing = dues_of(self.customer, self.today), ageing_of(self.customer, self.today)
        owed = dues.balance
        parts = [
            Part(_("Invoices"), _("what you have not paid yet, less corrections"), owed.invoices),
            Part(_("Interest"), _("for payments that came late"), owed.interest),
            Part(_("Demands for payment"), _("the cost of reminding you"), owed.demands),
            Part(_("Overpayment"), _("what you have paid ahead; it pays the next bills"), owed.overpayment),
        ]
        ages = [
            (_("Not yet due"), ageing.not_due),
            (_("Up to 30 days late"), ageing.days_30),
            (_("31 to 60 days"), ageing.days_60),
            (_("61 to 90 days"), ageing.days_90),
            (_("91 to 180 days"), ageing.days_180),
            (_("181 to 365 days"), ageing.days_365),
            (_("More than a year"), ageing.older),
            (_("In your favour"), ageing.credits),
        ]
        return super().get_context_data(
            dues=dues,
            balance=owed,
            parts=parts,
            ages=[(title, amount) for title, amount in ages if amount],
            **kwargs,
        )


@dataclass(frozen=True)
class Paid:
    """A payment with what it settled; `left` is what has settled nothing yet."""

    payment: Payment
    settled: tuple[tuple[str, Decimal], ...]
    others: int
    left: Decimal


class Payments(MoneyPage):
    """All payments ever made, the newest first."""

    template_name = "client_zone/money/payments.html"
    title = gettext_lazy("Payments")
    place = "payments"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page: the count, the payments, what they settled."""
        page = page_of(self.request, payments_for(self.customer), PER_PAGE)
        return super().get_context_data(
            page_obj=page, payments=[_paid(payment) for payment in page.object_list], **kwargs
        )


class StatementMixin:
    """The statement of the period in the address."""

    @cached_property
    def form(self) -> statement.PeriodForm:
        """The period as it was asked for."""
        return statement.period_form(self.request.GET, timezone.localdate())  # type: ignore[attr-defined]

    @cached_property
    def statement(self) -> Statement | None:
        """None for a period that is none."""
        if not self.form.is_valid():
            return None
        data = self.form.cleaned_data
        return statement_of(self.customer, data["od"], data["do"], timezone.localdate())  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Line:
    """A movement in words."""

    movement: Movement
    what: str
    document: str


class StatementPage(StatementMixin, MoneyPage):
    """The statement on the screen."""

    template_name = "client_zone/money/statement.html"
    title = gettext_lazy("Statement of account")
    place = "statement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The two balances and one page of movements."""
        found = self.statement
        page = page_of(self.request, found.movements if found else [], PER_PAGE)
        lines = [
            Line(movement, statement.what(movement), statement.document_of(movement))
            for movement in page.object_list
        ]
        return super().get_context_data(
            form=self.form,
            statement=found,
            page_obj=page,
            lines=lines,
            shortcuts=statement.shortcuts(self.today),
            too_long=found is not None and found.count > statement.MOST_PRINTED,
            meaning=statement.meaning(),
            **kwargs,
        )


class StatementFile(StatementMixin, CustomerMixin, View):
    """The statement to take away; taking it away is journalled."""

    scopes = (Scope.BILLS,)
    ending: ClassVar[str] = ""
    content_type: ClassVar[str] = ""

    def get(self, request: Any) -> HttpResponseBase:
        """The file, or back to the page that says what is wrong with the period."""
        found = self.statement
        page = f"{reverse('client:client_zone:statement')}?{request.GET.urlencode()}"
        if found is None:
            return HttpResponseRedirect(page)
        if self.ending == "pdf" and found.count > statement.MOST_PRINTED:
            messages.error(request, _("This period is too long for a PDF. Choose a shorter one, or CSV."))
            return HttpResponseRedirect(page)
        response = HttpResponse(self.written(found), content_type=self.content_type)
        name = statement.file_name(found, self.ending)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        record(
            "client_zone.statement_downloaded",
            text=_("Statement of account from %(since)s to %(until)s taken away (%(kind)s)")
            % {"since": found.since, "until": found.until, "kind": self.ending.upper()},
            request=request,
            customer_id=found.customer.pk,
            obj=found.customer,
            payload={"since": found.since, "until": found.until, "kind": self.ending},
        )
        return response

    def written(self, found: Statement) -> bytes | str:
        """The content of the file."""
        raise NotImplementedError


class StatementCsv(StatementFile):
    """For a spreadsheet."""

    ending = "csv"
    content_type = "text/csv; charset=utf-8"

    def written(self, found: Statement) -> str:
        """All movements, however many."""
        return "".join(statement.as_csv(found))


class StatementPdf(StatementFile):
    """For paper."""

    ending = "pdf"
    content_type = "application/pdf"

    def written(self, found: Statement) -> bytes:
        """Tagged for screen readers."""
        moment = freshness(None, DATASETS).as_of
        as_of = _("as of %(moment)s") % {"moment": day_hour(moment)} if moment else ""
        return statement.as_pdf(found, Site.find_for_request(self.request), as_of)


def _paid(payment: Payment) -> Paid:
    parts = [
        (part.entry.title or part.entry.document_number or part.entry.number, part.amount)
        for part in payment.allocations.all()
    ]
    left = payment.amount - sum((amount for _title, amount in parts), NOTHING)
    shown = tuple(parts[:MOST_SETTLED])
    return Paid(payment, shown, len(parts) - len(shown), NOTHING if payment.reversed_on else left)
