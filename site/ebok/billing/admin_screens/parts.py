"""What billing adds to the pages of a customer and of a meter."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.billing.admin_screens import columns
from ebok.billing.admin_screens.addresses import INVOICES, LEDGER, PAYMENTS, READINGS
from ebok.billing.queries import (
    ageing_of,
    balance_of,
    entries_for,
    invoices_for,
    last_readings,
    payments_for,
    readings_for,
)
from ebok.customers.admin_screens import addresses
from ebok.customers.models import Customer, Meter
from ebok.exchange.freshness import freshness
from ebok.exchange.registers.columns import Look, said
from ebok.exchange.registers.sections import Fact, Link, Section, fact, table
from ebok.plugins.permissions import allowed

NEWEST = 12
"""Rows of a section; all are one link away."""


def of_customer(customer: Customer, request: HttpRequest) -> list[Section]:
    """Balance, bills, payments; only for who may see billing."""
    if not allowed(request.user, "billing.view"):
        return []
    return [
        _balance(customer),
        _invoices(customer),
        _payments(customer, request),
        _entries(customer, request),
    ]


def _balance(customer: Customer) -> Section:
    today = timezone.localdate()
    balance, ageing = balance_of(customer, today), ageing_of(customer, today)
    state = freshness(None, ("ledger",))
    note = _("As of %(moment)s.") % {"moment": said(state.as_of)} if state.as_of else ""
    money = Look.MONEY
    parts = [
        (_("balance"), balance.total),
        (_("invoices"), balance.invoices),
        (_("interest"), balance.interest),
        (_("demands for payment"), balance.demands),
        (_("overpayments"), balance.overpayment),
        (_("overdue"), balance.overdue),
        (_("not due yet"), ageing.not_due),
        (_("overdue 1–30 days"), ageing.days_30),
        (_("overdue 31–60 days"), ageing.days_60),
        (_("overdue 61–90 days"), ageing.days_90),
        (_("overdue 91–180 days"), ageing.days_180),
        (_("overdue 181–365 days"), ageing.days_365),
        (_("overdue for longer"), ageing.older),
        (_("in the customer's favour"), ageing.credits),
    ]
    always = 6
    shown = [part for place, part in enumerate(parts) if place < always or part[1]]
    return Section(
        key="saldo",
        title=_("Balance"),
        note=note,
        facts=[fact(title, value, money) for title, value in shown],
    )


def _invoices(customer: Customer) -> Section:
    rows = list(invoices_for(customer)[:NEWEST])
    return Section(
        key="faktury",
        title=_("Invoices"),
        tables=[table(_("Invoices"), columns.INVOICE, rows, [columns.mark_of_invoice(row) for row in rows])],
        empty="" if rows else _("No document was issued to this customer yet."),
        links=[Link(addresses.of_list(INVOICES, klient=customer.code), _("All invoices"))] if rows else [],
    )


def _payments(customer: Customer, request: HttpRequest) -> Section:
    rows = list(payments_for(customer).prefetch_related(None)[:NEWEST])
    links = [Link(addresses.of_list(PAYMENTS, klient=customer.code), _("All payments"))] if rows else []
    if allowed(request.user, "billing.change"):
        links.append(Link(addresses.of_form(PAYMENTS, customer_code=customer.code), _("Enter a payment")))
    return Section(
        key="wplaty",
        title=_("Payments"),
        tables=[table(_("Payments"), columns.PAYMENT, rows, [columns.mark_of_payment(row) for row in rows])],
        empty="" if rows else _("This customer has paid nothing yet."),
        links=links,
    )


def _entries(customer: Customer, request: HttpRequest) -> Section:
    rows = list(entries_for(customer)[:NEWEST])
    links = [Link(addresses.of_list(LEDGER, klient=customer.code), _("All ledger entries"))] if rows else []
    if allowed(request.user, "billing.change"):
        links.append(Link(addresses.of_form(LEDGER, customer_code=customer.code), _("Add a ledger entry")))
    return Section(
        key="ksiegowania",
        title=_("Ledger"),
        tables=[table(_("Ledger"), columns.ENTRY, rows, [columns.mark_of_entry(row) for row in rows])],
        empty="" if rows else _("Nothing is booked for this customer."),
        links=links,
    )


def facts_of_meter(meter: Meter, request: HttpRequest) -> list[Fact]:
    """Day and state of the last reading: the last two fields of C04."""
    if not allowed(request.user, "billing.view"):
        return []
    found = last_readings(meter.customer, [meter])
    readings = [found[key] for key in sorted(found)]
    days = ", ".join(dict.fromkeys(said(reading.read_on) for reading in readings))
    states = " / ".join(said(reading.value, Look.NUMBER) for reading in readings)
    return [
        fact(_("date of the last reading"), days),
        fact(_("state of the last reading"), f"{states} {meter.unit}" if states else ""),
    ]


def of_meter(meter: Meter, request: HttpRequest) -> list[Section]:
    """The newest readings of the customer who has the meter."""
    if not allowed(request.user, "billing.view"):
        return []
    rows = list(readings_for(meter.customer, meter=meter)[:NEWEST])
    url = reverse(READINGS)
    return [
        Section(
            key="odczyty",
            title=_("Readings"),
            tables=[table(_("Readings"), columns.READING, rows)],
            empty="" if rows else _("This meter was not read yet."),
            links=[Link(f"{url}?licznik={meter.number}", _("All readings"))] if rows else [],
        )
    ]
