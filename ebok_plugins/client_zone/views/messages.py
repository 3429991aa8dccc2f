"""Messages from the office and its modules, as the outbox put them into the portal (D09)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts.models import User
from ebok.customers.models import Scope
from ebok.notifications import inbox
from ebok.notifications.models import Channel, Message
from ebok.notifications.texts import Texts, texts_in
from ebok.notifications.wording import paragraphs
from ebok.zones.paging import page_of
from ebok.zones.views import LARGEST_ID, Crumb
from ebok_plugins.client_zone.views.details import CustomerPage

PER_PAGE = 20


class Messages(CustomerPage):
    """Everything that was written to the person here, the newest first; a POST marks all as read."""

    scopes = (Scope.MESSAGES,)
    template_name = "client_zone/messages/list.html"
    title = gettext_lazy("Messages")

    @property
    def person(self) -> User:
        """Whose messages these are."""
        return cast("User", self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page, and how many are new."""
        # An employee who looks as the client would see their own.
        found = inbox.inbox_of(self.person) if not self.is_looked_at else Message.objects.none()
        page = page_of(self.request, found, PER_PAGE)
        unread = inbox.unread_count(self.person) if not self.is_looked_at else 0
        found_here = [(message, texts_in(message, Channel.PORTAL, missing="–")) for message in page]
        return super().get_context_data(page_obj=page, found=found_here, unread=unread, **kwargs)

    @property
    def is_looked_at(self) -> bool:
        """Whether an employee looks at the zone as the client."""
        return self.acting is not None and self.acting.is_view_as

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing is new any more."""
        inbox.mark_all_read(self.person)
        messages.success(request, _("All messages are marked as read."))
        return redirect("client:client_zone:messages")


class MessagePage(Messages):
    """One message; opening it marks it as read."""

    template_name = "client_zone/messages/one.html"
    http_method_names = ["get", "head", "options"]

    @cached_property
    def message(self) -> Message:
        """The one in the address. Raises 404 for somebody else's."""
        if self.kwargs["pk"] > LARGEST_ID or self.is_looked_at:
            raise Http404
        found = inbox.inbox_of(self.person).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def texts(self) -> Texts:
        """Its words; those of a mailing are filled in."""
        return texts_in(self.message, Channel.PORTAL, missing="–")

    def crumbs(self) -> list[Crumb]:
        """The list lies before it."""
        return [(_("Messages"), reverse("client:client_zone:messages")), (self.texts.subject, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its paragraphs."""
        if self.request.method == "GET":
            inbox.mark_read(self.message)
        return CustomerPage.get_context_data(
            self,
            title=self.texts.subject,
            message=self.message,
            texts=self.texts,
            paragraphs=paragraphs(self.texts.body),
            **kwargs,
        )
