"""Base of the client zone's pages about one customer: whose they are, and who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.customers.models import Customer, CustomerAccess
from ebok.journal.viewing import record_view
from ebok.plugins.registry import registry
from ebok.zones.acting import Acting, acting_of
from ebok.zones.views import ZoneMixin, zone_front

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Choice:
    """A customer in the header's switch, or the one acted for: address first, number second."""

    title: str
    meta: str
    customer_id: int
    is_current: bool = False


class ClientMixin(ZoneMixin):
    """A page of the client zone: its header says who is signed in, for which customer, with what status.

    The page itself may be about nobody in particular (the notice board); what is a customer's derives
    from `CustomerMixin`.
    """

    records_view: ClassVar[bool] = False
    """Whether looking at the page is an event of the journal."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and write down what was looked at; the writing costs the request no query."""
        response = super().dispatch(request, *args, **kwargs)
        if self.records_view and request.method == "GET" and response.status_code == HTTPStatus.OK:
            self._record_view(request, response)
        return response

    def _record_view(self, request: HttpRequest, response: HttpResponseBase) -> None:
        if self.acting is None:
            return
        shown = getattr(response, "context_data", None) or {}
        title = shown.get("title") or self.title
        record_view(
            "zones.viewed",
            text=_("Viewed: %(title)s, customer %(code)s")
            % {"title": title, "code": self.acting.customer.code},
            request=request,
            customer_id=self.acting.customer.pk,
        )

    @cached_property
    def acting(self) -> Acting | None:
        """For whom the person acts; None without customers."""
        return acting_of(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the header and the switch show (B11)."""
        context = super().get_context_data(**kwargs)
        acting = self.acting
        context.update(acting=acting, join_url=_address_of("join"))
        if acting is not None:
            context.update(
                switch_url=_address_of("switch"),
                all_url=_address_of("together") if len(acting.choices) > 1 else "",
                stop_looking_url=_address_of("stop_looking"),
            )
            context["acting_for"] = _choice(acting.customer, acting.access)
            context["other_addresses"] = [
                _choice(access.customer, access, current=acting.customer.pk) for access in acting.choices
            ]
        return context


class CustomerMixin(ClientMixin):
    """A page about the current customer (`self.customer`).

    1. A person who may act for nobody is told how to join an account; addresses of single things are 404.
    2. Who holds none of `scopes` for the current customer sees 404.
    3. An employee who looks as the client may read and do nothing.
    Queries of the page begin with `self.customer`, never with an id from the address.
    """

    scopes: ClassVar[tuple[str, ...]] = ()
    """Any of these lets in; empty: everybody who may act for the customer."""
    records_view = True

    @cached_property
    def customer(self) -> Customer:
        """The current customer. Raises 404 for a person without one."""
        if self.acting is None:
            raise Http404
        return self.acting.customer

    def refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """See the numbered list of the class."""
        acting = self.acting
        if acting is None:
            if self.kwargs or request.method not in SAFE_METHODS:
                raise Http404
            context = ClientMixin.get_context_data(self, title=gettext_lazy("No customer yet"))
            return render(request, "zones/no_customer.html", context)
        if not acting.may(self.scopes):
            raise Http404
        if acting.is_view_as and request.method not in SAFE_METHODS:
            messages.error(request, _("You are looking as the client. Nothing can be sent or changed here."))
            return redirect(zone_front(self.zone))
        return super().refusal(request)


def _address_of(view: str) -> str:
    """A page of the plugin that opens the client zone; "" where the plugin has none of this name."""
    try:
        return reverse(f"client:{registry.zones['client'][1].key}:{view}")
    except (NoReverseMatch, KeyError):
        return ""


def _choice(customer: Customer, access: CustomerAccess | None, *, current: int | None = None) -> Choice:
    parts = [customer.code, customer.name]
    parts.append(_("status: %(status)s") % {"status": customer.get_status_display()})
    if access is not None and access.role != "owner":
        parts.append(access.get_role_display())
    return Choice(customer.address or customer.name, " · ".join(parts), customer.pk, customer.pk == current)
