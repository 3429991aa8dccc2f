"""Forms of the kartoteka, made of the datasets' columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ebok.accounts.models import User
from ebok.customers.admin_screens.filters import managers
from ebok.customers.models import DEFAULT_GROUP, Customer, CustomerGroup, GroupMember
from ebok.exchange.mirror import Mirrored
from ebok.exchange.registers.entry_forms import EntryForm
from ebok.look.forms import ChosenRecords

ADDRESS = ("street", "house", "flat", "postcode", "town")


class CustomerForm(EntryForm):
    """A customer, with the account manager (K16) and groups (K19)."""

    account_manager = forms.ModelChoiceField(
        label=_("account manager"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )
    member_of = ChosenRecords(
        label=_("groups"),
        queryset=CustomerGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Every customer is in the group CLIENTS, too."),
    )
    groups = (
        (_("Address"), ADDRESS),
        (_("Contact"), ("email", "phone", "e_delivery")),
        (
            _("Address of letters, where it is another one"),
            (
                "correspondence_name",
                *(f"correspondence_{part}" for part in ADDRESS),
            ),
        ),
        (_("Settlement"), ("virtual_account", "settlement_form", "since_on")),
        (_("Care"), ("account_manager", "member_of")),
    )

    def __init__(self, *args: Any, row: Mirrored, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        manager, groups = self.fields["account_manager"], self.fields["member_of"]
        assert isinstance(manager, forms.ModelChoiceField)
        assert isinstance(groups, ChosenRecords)
        manager.queryset = managers()
        groups.queryset = CustomerGroup.objects.exclude(code=DEFAULT_GROUP).order_by("name", "id")
        if not self.is_new and isinstance(row, Customer):
            self.initial["account_manager"] = row.account_manager_id
            self.initial["member_of"] = list(
                GroupMember.objects.filter(customer=row).values_list("group_id", flat=True)
            )

    def fill(self, row: Mirrored) -> None:
        """With the account manager."""
        super().fill(row)
        assert isinstance(row, Customer)
        row.account_manager = self.cleaned_data["account_manager"]


class ContractForm(EntryForm):
    """A contract; its scan has a form of its own."""

    left_out = frozenset({"scan"})


class PointForm(EntryForm):
    """A service point."""

    groups = (
        (_("Address"), ADDRESS),
        (_("Settlement"), ("settlement_form", "tariff_code", "norm_code", "persons", "reading_zone")),
    )


class MeterForm(EntryForm):
    """A meter with the fields of C04."""

    fixed = frozenset({"customer_code"})
    groups = (
        (_("Mounting"), ("mounted_on", "mounted_state", "removed_on", "removed_state", "is_active")),
        (_("Meter"), ("producer", "kind", "diameter", "unit", "digits", "decimals", "role")),
        (
            _("Legalisation, seal, radio"),
            ("verified_year", "verified_to", "seal", "radio_number", "radio_kind", "connection_owner"),
        ),
    )
