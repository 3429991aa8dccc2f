"""What the lists of billing can be narrowed to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.billing.models import InvoiceKind, LedgerKind, PaymentMethod, ReadingKind, ReadingState
from ebok.customers.admin_screens.filters import OwnedFilters
from ebok.exchange import natural_keys
from ebok.exchange.registers.filters import Filters, choice_field, day_field, owned_by

LARGEST = Decimal("999999999999.99")


def _amount(label: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.DecimalField(
        label=label,
        required=False,
        max_value=LARGEST,
        min_value=-LARGEST,
        decimal_places=2,
        widget=widget,
        localize=True,
    )


class InvoiceFilters(OwnedFilters):
    """Of the list of documents."""

    dataset = "invoices"
    q = forms.CharField(label=_("Document number, or name of the customer"), required=False, max_length=100)
    rodzaj = choice_field(_("Type of document"), InvoiceKind.choices)
    stan = choice_field(
        _("State"),
        (
            ("open", _("to be paid")),
            ("overdue", _("overdue")),
            ("settled", _("settled")),
            ("cancelled", _("cancelled")),
        ),
    )
    od = day_field(_("Issued from"))
    do = day_field(_("Issued to"))

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The documents that are wanted."""
        found, data = super().narrow(found), self.cleaned_data
        if data["rodzaj"]:
            found = found.filter(kind=data["rodzaj"])
        if data["od"]:
            found = found.filter(issued_on__gte=data["od"])
        if data["do"]:
            found = found.filter(issued_on__lte=data["do"])
        if data["stan"] == "cancelled":
            return found.filter(is_cancelled=True)
        if data["stan"] == "settled":
            return found.filter(open_amount=0, is_cancelled=False)
        if data["stan"]:
            found = found.filter(open_amount__gt=0, is_cancelled=False)
        return found.filter(due_on__lt=timezone.localdate()) if data["stan"] == "overdue" else found


class PaymentFilters(OwnedFilters):
    """Of the repository of transactions (L10)."""

    dataset = "payments"
    q = forms.CharField(label=_("Payment number, or name of the customer"), required=False, max_length=100)
    od = day_field(_("Paid from"))
    do = day_field(_("Paid to"))
    sposob = choice_field(_("Method of payment"), PaymentMethod.choices)
    kwota_od = _amount(_("Amount from"))
    kwota_do = _amount(_("Amount to"))
    stan = choice_field(_("State"), (("valid", _("valid")), ("reversed", _("reversed"))))

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The payments that are wanted."""
        found, data = super().narrow(found), self.cleaned_data
        if data["od"]:
            found = found.filter(paid_on__gte=data["od"])
        if data["do"]:
            found = found.filter(paid_on__lte=data["do"])
        if data["sposob"]:
            found = found.filter(method=data["sposob"])
        if data["kwota_od"] is not None:
            found = found.filter(amount__gte=data["kwota_od"])
        if data["kwota_do"] is not None:
            found = found.filter(amount__lte=data["kwota_do"])
        if data["stan"]:
            found = found.filter(reversed_on__isnull=data["stan"] == "valid")
        return found


class LedgerFilters(OwnedFilters):
    """Of the list of ledger entries."""

    dataset = "ledger"
    q = forms.CharField(
        label=_("Number of the entry, or name of the customer"), required=False, max_length=100
    )
    rodzaj = choice_field(_("Kind"), LedgerKind.choices)
    stan = choice_field(
        _("State"), (("open", _("not settled")), ("overdue", _("overdue")), ("settled", _("settled")))
    )

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The entries that are wanted."""
        found, data = super().narrow(found), self.cleaned_data
        if data["rodzaj"]:
            found = found.filter(kind=data["rodzaj"])
        if data["stan"] == "settled":
            return found.filter(open_amount=0)
        if data["stan"] == "open":
            return found.exclude(open_amount=0)
        if data["stan"] == "overdue":
            return found.filter(open_amount__gt=0, due_on__lt=timezone.localdate())
        return found


class PriceFilters(Filters):
    """Of tariffs and norms: there are few."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Those of which name or code contains the words."""
        words = self.cleaned_data["q"]
        if not words:
            return found
        return found.filter(name__icontains=words) | found.filter(code__icontains=words)


class VersionFilters(Filters):
    """Of versions of tariffs."""

    q = forms.CharField(label=_("Tariff, or the decision"), required=False, max_length=100)

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the tariffs of that code or name, or of that decision."""
        words = self.cleaned_data["q"]
        of_tariff = Q(tariff__code__icontains=words) | Q(tariff__name__icontains=words)
        return found.filter(of_tariff | Q(decision__icontains=words)) if words else found


class ComponentFilters(Filters):
    """Of prices."""

    q = forms.CharField(label=_("Name or code, or the tariff"), required=False, max_length=100)

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Those of which name or code contains the words, or of the tariff of that code."""
        words = self.cleaned_data["q"]
        own = Q(name__icontains=words) | Q(code__icontains=words)
        return found.filter(own | Q(version__tariff__code__iexact=words)) if words else found


class ReadingFilters(Filters):
    """Of readings. A meter is looked for at one customer, so that the primary key serves."""

    q = None  # type: ignore[assignment]  # Django's way to leave a field out
    klient = forms.CharField(label=_("Customer code"), required=False, max_length=40)
    licznik = forms.CharField(
        label=_("Meter number"),
        required=False,
        max_length=40,
        help_text=_("Without a customer: readings of the one who has the meter now."),
    )
    od = day_field(_("From"))
    do = day_field(_("To"))
    stan = choice_field(_("State"), ReadingState.choices)
    rodzaj = choice_field(_("Type of the reading"), ReadingKind.choices)

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The readings that are wanted."""
        data = self.cleaned_data
        if data["klient"]:
            found = owned_by(found, data["klient"])
        if data["licznik"]:
            meter = natural_keys.find("meters", data["licznik"])
            if meter is None:
                return found.none()
            found = found.filter(meter_id=meter.object_id)
            if not data["klient"]:
                found = found.filter(customer_id=meter.customer_id)
        for name, lookup in (
            ("od", "read_on__gte"),
            ("do", "read_on__lte"),
            ("stan", "state"),
            ("rodzaj", "kind"),
        ):
            if data[name]:
                found = found.filter(**{lookup: data[name]})
        return found
