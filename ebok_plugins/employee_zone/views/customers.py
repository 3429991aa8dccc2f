"""Finding any customer, and one page with everything about one (L09)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.billing.queries import (
    ageing_of,
    balance_of,
    find_everywhere,
    invoices_for,
    open_entries_for,
    payments_for,
)
from ebok.customers.access import accesses_to
from ebok.customers.models import Customer
from ebok.customers.queries import contracts_for, points_for
from ebok.journal.queries import Wanted
from ebok.journal.queries import page as journal_page
from ebok.journal.viewing import record_view
from ebok.plugins.permissions import allowed
from ebok.zones.acting import look_as
from ebok.zones.customer_sections import drawn_sections
from ebok.zones.paging import page_of
from ebok.zones.records import RecordLinks
from ebok.zones.views import LARGEST_ID, Crumb, ZoneMixin
from ebok_plugins.employee_zone import queries

MOST_FOUND = 30
ROWS = 6
PER_PAGE = 25
SHORTEST, LONGEST = 2, 100


class Search(ZoneMixin, TemplateView):
    """Any customer by name, code, address, account number, meter or invoice."""

    permission_required = "customers.view"
    template_name = "employee_zone/search.html"
    title = gettext_lazy("Customers")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What fits what was typed; nothing is asked of the database for less than two characters."""
        typed = " ".join(self.request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
        found = find_everywhere(typed, most=MOST_FOUND) if len(typed) >= SHORTEST else []
        return super().get_context_data(
            typed=typed,
            found=found,
            is_cut=len(found) >= MOST_FOUND,
            too_short=bool(typed) and len(typed) < SHORTEST,
            **kwargs,
        )


def cares_for(user: Any, customer: Customer) -> bool:
    """Whether this employee is the customer's account manager (K17); a superadministrator is everybody's."""
    return bool(user.is_superuser or (user.pk and customer.account_manager_id == user.pk))


class CustomerOfEmployee(ZoneMixin):
    """For pages about the customer the address names; 404 when there is none."""

    permission_required = "customers.view"

    @cached_property
    def customer(self) -> Customer:
        """The customer, with the account manager."""
        key = self.kwargs["pk"]
        rows = Customer.objects.select_related("account_manager").filter(pk=key)
        found = rows.first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The search, then the customer."""
        return [
            (gettext_lazy("Customers"), reverse("employee:employee_zone:search")),
            (self.customer.name, ""),
        ]


class CustomerPage(CustomerOfEmployee, TemplateView):
    """Everything about one customer on one page; that it was opened is journalled."""

    template_name = "employee_zone/customer.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show it, and write down who looked."""
        response = super().get(request, *args, **kwargs)
        record_view(
            "employee_zone.customer_viewed",
            text=_("Page of customer %(customer)s opened") % {"customer": self.customer},
            request=request,
            customer_id=self.customer.pk,
            obj=self.customer,
        )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Money only for people who may see bills, the journal for those who may see it."""
        customer, today, user = self.customer, timezone.localdate(), self.request.user
        context = super().get_context_data(
            title=customer.name,
            customer=customer,
            contracts=contracts_for(customer)[:ROWS],
            points=points_for(customer)[:ROWS],
            accesses=accesses_to(customer)[:PER_PAGE],
            may_look_as=allowed(user, "customers.view_as"),
            cares=cares_for(user, customer),
            sections=drawn_sections(self.request, customer),
            **kwargs,
        )
        if allowed(user, "billing.view"):
            links = RecordLinks(self.request, "employee", Invoice)
            context.update(
                balance=balance_of(customer, today),
                ageing=ageing_of(customer, today),
                invoices=[(invoice, links.of(invoice.pk)) for invoice in invoices_for(customer)[:ROWS]],
                payments=payments_for(customer)[:ROWS],
                open_entries=open_entries_for(customer)[:ROWS],
                today=today,
            )
        if allowed(user, "journal.view"):
            context["events"] = journal_page(Wanted(customer_id=customer.pk)).rows[:ROWS]
        return context


class LookAs(CustomerOfEmployee, View):
    """Opens the client zone as this customer sees it (K08): read only, with a reason, journalled."""

    permission_required = "customers.view_as"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A reason is asked, because the journal must say why."""
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:200]
        if not reason:
            messages.error(request, _("Write why you look as the client."))
            return redirect("employee:employee_zone:customer", pk=self.customer.pk)
        look_as(request, self.customer, reason=reason)
        return redirect("client:client_zone:dashboard")


class MyCustomers(ZoneMixin, TemplateView):
    """The customers whose account manager the employee is, with what needs attention (K16, H23)."""

    permission_required = "customers.view"
    template_name = "employee_zone/my_customers.html"
    title = gettext_lazy("My customers")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page, and the counters of all."""
        employee, today = cast("User", self.request.user), timezone.localdate()
        page = page_of(self.request, queries.managed_by(employee), PER_PAGE)
        rows = list(page.object_list)
        overdue = queries.overdue_of(rows, today) if allowed(employee, "billing.view") else {}
        return super().get_context_data(
            page_obj=page,
            customers=[(customer, overdue.get(customer.pk)) for customer in rows],
            counters=queries.counters_of(employee, today, timezone.now()),
            **kwargs,
        )
