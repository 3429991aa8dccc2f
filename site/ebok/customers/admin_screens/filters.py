"""What the lists of the kartoteka can be narrowed to, quick at a million rows."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.accounts.models import User
from ebok.accounts.roles import ADMINISTRATORS, EMPLOYEES
from ebok.customers.models import (
    Customer,
    CustomerGroup,
    CustomerKind,
    CustomerStatus,
    GroupMember,
    PointStatus,
    Service,
)
from ebok.customers.queries import NIP_DIGITS, VERIFICATION_WARNING, find_customers
from ebok.exchange.mirror import Source
from ebok.exchange.registers.filters import Filters, called, choice_field, owned_by

NRB_DIGITS = 26
MOST_OWNERS = 50
"""Customers of whom rows are shown when a name is looked for in a register of what they own."""

ORIGINS = (
    ("imported", _("imported")),
    ("entered", _("entered by the operator")),
    ("waiting", _("waits for approval")),
    ("corrected", _("corrected by hand")),
)


def managers() -> QuerySet[User]:
    """Who may be an account manager: people of the utility."""
    staff = Q(groups__name__in=(EMPLOYEES, ADMINISTRATORS)) | Q(is_superuser=True)
    return User.objects.filter(staff, is_active=True).distinct().order_by("last_name", "first_name", "email")


def search_customers(words: str) -> QuerySet[Customer]:
    """By number of account, by NIP, otherwise by parts of name and code; all of them through an index."""
    digits = re.sub(r"[\s-]", "", words)
    if digits.isascii() and digits.isdecimal():
        if len(digits) == NRB_DIGITS:
            return Customer.objects.filter(pk__in=called("customers.virtual_account", digits))
        if len(digits) == NIP_DIGITS:
            return Customer.objects.filter(Q(nip=digits) | Q(pk__in=called("customers", words)))
    return find_customers(words)


def search_owned(found: QuerySet[Any], dataset: str, words: str) -> QuerySet[Any]:
    """Rows called exactly so; otherwise what belongs to the customer of that code or name."""
    if named := called(dataset, words):
        return found.filter(pk__in=named)
    owners = called("customers", words) or list(
        search_customers(words).values_list("pk", flat=True)[:MOST_OWNERS]
    )
    return found.filter(customer_id__in=owners)


def of_origin(found: QuerySet[Any], origin: str) -> QuerySet[Any]:
    """Rows by where they came from and who touched them."""
    if origin == "waiting":
        return found.filter(source=Source.ENTERED, approved_at__isnull=True)
    if origin == "corrected":
        return found.filter(corrected_at__isnull=False, source=Source.IMPORTED)
    return found.filter(source=Source.IMPORTED if origin == "imported" else Source.ENTERED)


class CustomerFilters(Filters):
    """Of the list of customers."""

    q = forms.CharField(
        label=_("Name, code, NIP or account number"),
        required=False,
        max_length=100,
    )
    rodzaj = choice_field(_("Kind of recipient"), CustomerKind.choices)
    stan = choice_field(_("Status"), CustomerStatus.choices)
    grupa = forms.ModelChoiceField(
        label=_("Group"),
        queryset=CustomerGroup.objects.order_by("name", "id"),
        required=False,
        empty_label=_("All"),
    )
    opiekun = forms.ModelChoiceField(
        label=_("Account manager"), queryset=User.objects.none(), required=False, empty_label=_("All")
    )
    pochodzenie = choice_field(_("Where from"), ORIGINS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["opiekun"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = managers()

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The customers that are wanted."""
        data = self.cleaned_data
        if data["q"]:
            found = found & search_customers(data["q"])
        if data["rodzaj"]:
            found = found.filter(kind=data["rodzaj"])
        if data["stan"]:
            found = found.filter(status=data["stan"])
        if data["grupa"]:
            member = GroupMember.objects.filter(customer_id=OuterRef("pk"), group=data["grupa"])
            found = found.filter(Exists(member))
        if data["opiekun"]:
            found = found.filter(account_manager=data["opiekun"])
        return of_origin(found, data["pochodzenie"]) if data["pochodzenie"] else found


class OwnedFilters(Filters):
    """Of lists of what customers own."""

    dataset = ""
    klient = forms.CharField(label=_("Customer code"), required=False, max_length=40)
    pochodzenie = choice_field(_("Where from"), ORIGINS)

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that are wanted."""
        data = self.cleaned_data
        if data["klient"]:
            found = owned_by(found, data["klient"])
        if data["q"]:
            found = search_owned(found, self.dataset, data["q"])
        return of_origin(found, data["pochodzenie"]) if data["pochodzenie"] else found


class ContractFilters(OwnedFilters):
    """Of the list of contracts."""

    dataset = "contracts"
    q = forms.CharField(label=_("Number, or name of the customer"), required=False, max_length=100)


class PointFilters(OwnedFilters):
    """Of the list of service points."""

    dataset = "service_points"
    q = forms.CharField(label=_("Point code, or name of the customer"), required=False, max_length=100)
    usluga = choice_field(_("Kind of service"), Service.choices)
    stan = choice_field(_("Status"), PointStatus.choices)

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The points that are wanted."""
        found = super().narrow(found)
        if self.cleaned_data["usluga"]:
            found = found.filter(service=self.cleaned_data["usluga"])
        return found.filter(status=self.cleaned_data["stan"]) if self.cleaned_data["stan"] else found


class MeterFilters(OwnedFilters):
    """Of the list of meters."""

    dataset = "meters"
    q = forms.CharField(label=_("Meter number, or name of the customer"), required=False, max_length=100)
    uzycie = choice_field(_("In use"), (("1", _("in use")), ("0", _("removed"))))
    legalizacja = choice_field(
        _("Legalisation"), (("past", _("out of date")), ("soon", _("ends within 90 days")))
    )

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The meters that are wanted."""
        found, data, today = super().narrow(found), self.cleaned_data, timezone.localdate()
        if data["uzycie"]:
            found = found.filter(is_active=data["uzycie"] == "1")
        if data["legalizacja"] == "past":
            found = found.filter(is_active=True, verified_to__lt=today)
        elif data["legalizacja"] == "soon":
            found = found.filter(is_active=True, verified_to__range=(today, today + VERIFICATION_WARNING))
        return found
