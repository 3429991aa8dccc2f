"""The demo's mailbox as pages; outside of a demo they are not there."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from ebok.notifications.demo_mailbox import LETTER, is_on
from ebok.notifications.framing import framed
from ebok.notifications.models import Channel, DemoItem

MEDIA = {
    "email": (Channel.EMAIL.value, _("E-mail"), "mail"),
    "sms": (Channel.SMS.value, _("Text messages"), "phone"),
    "listy": (LETTER, _("Letters"), "page"),
}
SHOWN = 60
LARGEST_ID = 2**63 - 1
OPENS_APART = '<base target="_blank">'


class MailboxPage(View):
    """A page of the mailbox; 404 outside of a demo.

    Whoever reads it needs no account: the letter that opens one lies here.
    """

    http_method_names = ["get", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer, kept by nobody."""
        if not is_on():
            raise Http404
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def item(self, pk: int) -> DemoItem:
        """The one in the address."""
        if pk > LARGEST_ID:
            raise Http404
        return get_object_or_404(DemoItem, pk=pk)


class Mailbox(MailboxPage):
    """What would have gone to people, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One query."""
        wanted = request.GET.get("co", "")
        medium = MEDIA[wanted][0] if wanted in MEDIA else ""
        items = DemoItem.objects.defer("html", "file").order_by("-pk")
        if medium:
            items = items.filter(medium=medium)
        icons = {name: icon for name, _title, icon in MEDIA.values()}
        context = {
            "title": _("Demo mailbox"),
            "rows": [(item, icons.get(item.medium, "page")) for item in items[:SHOWN]],
            "media": [(key, title, key == wanted) for key, (_name, title, _icon) in MEDIA.items()],
            "wanted": wanted if medium else "",
        }
        return render(request, "notifications/mailbox/list.html", context)


class MailboxItem(MailboxPage):
    """One of them: its text, its HTML in a frame, its file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One query."""
        item = self.item(pk)
        title = item.subject or _("To %(recipient)s") % {"recipient": item.recipient}
        return render(request, "notifications/mailbox/one.html", {"title": title, "item": item})


class MailboxHtml(MailboxPage):
    """The HTML of a letter, for the frame: no scripts, no forms; links open apart."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """As it was sent."""
        html = self.item(pk).html
        if not html:
            raise Http404
        return framed("", {}, html=html.replace("<head>", f"<head>{OPENS_APART}", 1))


class MailboxFile(MailboxPage):
    """The file that went along."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To be saved, never to be shown here."""
        item = self.item(pk)
        if item.file is None:
            raise Http404
        response = HttpResponse(bytes(item.file), content_type="application/octet-stream")
        name = re.sub(r"[^A-Za-z0-9._-]", "_", item.file_name)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
