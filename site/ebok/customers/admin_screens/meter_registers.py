"""Registers of a meter, entered and corrected on the meter's page: a dual-tariff meter has two."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail_modeladmin.views import InstanceSpecificView

from ebok.customers.admin_screens.columns import ORIGIN
from ebok.customers.models import Meter, MeterRegister
from ebok.exchange import entering
from ebok.exchange.entering import Refused
from ebok.exchange.mirror import Mirrored
from ebok.exchange.registers.columns import Look, Shown, of_fields
from ebok.exchange.registers.entry_forms import VERSION, EntryForm
from ebok.exchange.registers.sections import Link, Section, provenance, table
from ebok.exchange.registers.views import ConfirmMixin, EntryView
from ebok.plugins.permissions import allowed

ENTRY, DELETE = "liczydlo", "liczydlo-usun"
"""Actions in addresses; `?numer=2` names the register."""
NUMBER = "numer"


class RegisterForm(EntryForm):
    """A register; its meter is given, and its number stays."""

    fixed = frozenset({"number"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("customer_code", "meter_number"):
            self.fields[name].disabled = True


class OneRegister(InstanceSpecificView):
    """A view of a register of the meter."""

    instance: Meter
    request: HttpRequest

    def check_action_permitted(self, user: Any) -> bool:
        """Who may change the kartoteka."""
        return bool(self.permission_helper.may(user, "change"))

    def register(self) -> MeterRegister:
        """The one the address names; 404 when the meter has none of that number."""
        number = self.request.GET.get(NUMBER, "")
        own = MeterRegister.objects.filter(customer_id=self.instance.customer_id, meter=self.instance)
        is_number = number.isascii() and number.isdecimal() and len(number) < 3
        found = own.filter(number=int(number)).first() if is_number else None
        if found is None:
            raise Http404
        return found


class EnterRegister(EntryView, OneRegister):
    """Enter a register, or correct the one the address names."""

    @property
    def here(self) -> str:
        """What is done to which meter."""
        words = (
            _("Correct register %(number)s of meter %(meter)s")
            if NUMBER in self.request.GET
            else _("Add a register to meter %(meter)s")
        )
        return words % {"number": self.request.GET.get(NUMBER, ""), "meter": self.instance.number}

    def back(self) -> str:
        """The meter."""
        return str(self.model_admin.inspect_url(self.instance))

    def row(self) -> MeterRegister:
        """The register named, or a new one."""
        if NUMBER in self.request.GET:
            return self.register()
        return MeterRegister(customer_id=self.instance.customer_id, meter=self.instance)

    def form(self, data: Any = None, row: MeterRegister | None = None) -> EntryForm:
        """Its form."""
        row = row or self.row()
        initial = {
            "customer_code": self.instance.customer.code,
            "meter_number": self.instance.number,
            "unit": self.instance.unit,
        }
        return RegisterForm(
            data,
            dataset=entering.dataset_of(MeterRegister),
            row=row,
            initial=initial if row._state.adding else None,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save it, unless somebody else did meanwhile."""
        with transaction.atomic():
            Meter.objects.select_for_update().get(pk=self.instance.pk)
            row = self.row()
            form = self.form(request.POST, row)
            if form.is_valid() and form.is_new:
                self._refuse_taken(form)
            if form.errors:
                return self.draw(form)
            if not form.is_new and form.cleaned_data[VERSION] != row.changed_at.isoformat():
                return self.stale(form, row)
            if not self.save(form, row):
                return self.draw(form)
        return self.saved(row, _("Register %(number)d is saved.") % {"number": row.number})

    def _refuse_taken(self, form: EntryForm) -> None:
        own = MeterRegister.objects.filter(customer_id=self.instance.customer_id, meter=self.instance)
        number = form.values["number"]
        if isinstance(number, int) and own.filter(number=number).exists():
            form.add_error("number", _("This meter has a register of that number."))

    def saved(self, row: Mirrored, words: str) -> HttpResponse:
        """Say so on the meter's page."""
        messages.success(self.request, words)
        return HttpResponseRedirect(self.back())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where the register came from."""
        known = provenance(self.row(), self.request) if NUMBER in self.request.GET else []
        return super().get_context_data(provenance=known, **kwargs)


class DeleteRegister(ConfirmMixin, OneRegister):
    """Delete a register; what was imported or approved only the superadministrator (K15)."""

    instance: Meter

    @property
    def here(self) -> str:
        """Which one."""
        words = {
            "number": getattr(self.register(), "number", ""),
            "meter": getattr(self.instance, "number", ""),
        }
        return _("Delete register %(number)d of meter %(meter)s") % words

    @property
    def words(self) -> str:  # type: ignore[override]
        """The button."""
        return _("Delete")

    @property
    def reason_label(self) -> str:  # type: ignore[override]
        """The question."""
        return _("Reason for deleting")

    @property
    def warning(self) -> str:  # type: ignore[override]
        """What will be gone."""
        return _("The entry disappears for good; the journal keeps what it said and your reason.")

    def do(self, reason: str) -> HttpResponse:
        """Through the door of the mirror."""
        row = self.register()
        if row.is_locked and not getattr(self.request.user, "is_superuser", False):
            raise Refused(_("This row is approved; only the superadministrator may delete it."))
        words = _("Register %(number)d is deleted.") % {"number": row.number}
        entering.delete(row, reason=reason, actor=self.request.user, request=self.request)
        messages.success(self.request, words)
        return HttpResponseRedirect(self.model_admin.inspect_url(self.instance))


VIEWS: dict[str, Any] = {ENTRY: EnterRegister, DELETE: DeleteRegister}


def section(row: Meter, request: HttpRequest, entry: str, delete: str) -> Section:
    """The registers of a meter, with the ways to change them."""
    registers = list(row.registers.filter(customer_id=row.customer_id).order_by("number"))
    may_change = allowed(request.user, "customers.change")

    def correct(register: MeterRegister) -> str:
        return f"{entry}?{urlencode({NUMBER: register.number})}" if may_change else ""

    def remove(register: MeterRegister) -> str:
        return f"{delete}?{urlencode({NUMBER: register.number})}"

    shown = [
        Shown(title=gettext_lazy("register"), value=lambda one: one.number, look=Look.CODE, url=correct),
        *of_fields(MeterRegister, ("name", "unit", "multiplier")),
        ORIGIN,
    ]
    links = [Link(entry, _("Add a register"))] if may_change else []
    links += [
        Link(remove(register), _("Delete register %(number)d…") % {"number": register.number})
        for register in registers
        if may_change and (not register.is_locked or getattr(request.user, "is_superuser", False))
    ]
    return Section(
        key="liczydla",
        title=_("Registers"),
        tables=[table(_("Registers"), shown, registers)],
        empty=""
        if registers
        else _("The billing system has named no register; readings count for register 1."),
        links=links,
    )
