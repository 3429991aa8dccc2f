"""The button that renews one customer's data (K12)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail_modeladmin.views import InstanceSpecificView

from ebok.accounts.models import User
from ebok.exchange import refreshing
from ebok.exchange.locking import Busy
from ebok.exchange.profiles import ProfileError
from ebok.plugins.permissions import allowed


class RefreshCustomer(InstanceSpecificView):
    """Ask the billing system about one customer and take over what it answers."""

    http_method_names = ["post"]

    def check_action_permitted(self, user: Any) -> bool:
        """Who may upload deliveries: this is a small one."""
        return allowed(user, "exchange.upload") and allowed(user, "customers.view")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Renew, and show what came of it."""
        assert isinstance(request.user, User)
        back = self.model_admin.inspect_url(self.instance)
        try:
            delivery = refreshing.refresh_customer(
                self.instance.code, profile=request.GET.get("way", "")[:60], user=request.user
            )
        except (refreshing.CannotRefresh, Busy) as cannot:
            messages.error(request, cannot.sentence)
        except ProfileError as wrong:
            messages.error(request, str(wrong))
        else:
            buttons = []
            if allowed(request.user, "exchange.view"):
                url = reverse("ebok_exchange_delivery", args=[delivery.pk])
                buttons = [messages.button(url, _("Report of the delivery"))]
            words = _("The data were asked for: %(outcome)s.") % {"outcome": delivery.get_outcome_display()}
            messages.success(request, words, buttons=buttons)
        return HttpResponseRedirect(back)
