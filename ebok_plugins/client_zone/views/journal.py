"""Who looked at what and changed what (the client's part of Dziennik Zdarzeń)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Scope
from ebok.journal.personal import events_of_customer
from ebok.journal.queries import Cursor
from ebok_plugins.client_zone.views.details import CustomerPage

SIZE = 25


class History(CustomerPage):
    """Events about the customer, whoever caused them: the client, a delegate, the office; newest first."""

    scopes = (Scope.ACCOUNT,)
    template_name = "client_zone/data/history.html"
    title = _("Event history")
    help_topic = "history"
    records_view = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page by cursor."""
        page = events_of_customer(
            self.customer.pk,
            viewer_id=self.request.user.pk,
            older_than=Cursor.parse(self.request.GET.get("starsze", "")),
            size=SIZE,
        )
        return super().get_context_data(page=page, **kwargs)
