"""The messages' place in the Wagtail admin: a menu of its own."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from ebok.notifications.admin_views import outbox, texts
from ebok.notifications.permissions import EDIT_TEXTS, SEE_OUTBOX
from ebok.plugins.permissions import allowed


@hooks.register("register_admin_urls")
def message_urls() -> list[URLPattern]:
    """Outbox, mailings, texts with their previews."""
    one = "wiadomosci/teksty/<str:kind>/<slug:language>/<slug:channel>/"
    return [
        path("wiadomosci/wyslane/", outbox.OutboxView.as_view(), name=outbox.OUTBOX),
        path("wiadomosci/wysylki/", outbox.MailingsView.as_view(), name=outbox.MAILINGS),
        path("wiadomosci/teksty/", texts.TextsView.as_view(), name=texts.LIST),
        path(one, texts.TextView.as_view(), name="ebok_message_text"),
        path(f"{one}podglad/", texts.PreviewView.as_view(), name="ebok_message_preview"),
    ]


class RightMenuItem(MenuItem):
    """Shown to whoever has the right."""

    def __init__(self, label: object, url: str, *, right: str, **kwargs: object) -> None:
        self.right = right
        super().__init__(label, url, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return allowed(request.user, self.right)


@hooks.register("register_admin_menu_item")
def messages_menu() -> MenuItem:
    """The menu; it hides itself when nothing in it is shown."""
    items = [
        RightMenuItem(
            _("Outbox"),
            reverse(outbox.OUTBOX),
            right=SEE_OUTBOX,
            name="ebok-outbox",
            icon_name="mail",
            order=10,
        ),
        RightMenuItem(
            _("Mailings"),
            reverse(outbox.MAILINGS),
            right=SEE_OUTBOX,
            name="ebok-mailings",
            icon_name="group",
            order=20,
        ),
        RightMenuItem(
            _("Texts of messages"),
            reverse(texts.LIST),
            right=EDIT_TEXTS,
            name="ebok-message-texts",
            icon_name="edit",
            order=30,
        ),
    ]
    return SubmenuMenuItem(
        _("Messages"), Menu(items=items), name="ebok-messages", icon_name="mail", order=360
    )


@hooks.register("insert_global_admin_css")
def messages_css() -> SafeString:
    """Style for the screens; the rest is Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("notifications/messages.css"))
