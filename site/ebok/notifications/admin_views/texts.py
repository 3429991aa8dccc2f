"""Texts of messages: every kind, one text, what it looks like."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.models import Site

from ebok.notifications.addresses import base_url
from ebok.notifications.admin_forms import TextsForm
from ebok.notifications.admin_views.screens import MessageScreen, wanted_site
from ebok.notifications.channels.letters import rendered
from ebok.notifications.framing import framed
from ebok.notifications.kinds import GROUP_TITLES, UnknownKind, kind_of, kinds_of_site
from ebok.notifications.models import Channel, MessageTemplate
from ebok.notifications.permissions import EDIT_TEXTS
from ebok.notifications.sms_text import parts_of, without_accents
from ebok.notifications.templates_store import restore_template, store_template
from ebok.notifications.texts import Texts, texts_of
from ebok.ports import MessageGroup, MessageKind

LIST = "ebok_message_texts"


class TextsView(MessageScreen):
    """Every kind of the site with its texts, group by group."""

    template_name = "notifications/admin/texts.html"
    page_title = gettext_lazy("Texts of messages")
    needed = EDIT_TEXTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list; two queries, however many kinds there are."""
        site = wanted_site(request)
        own = set(MessageTemplate.objects.filter(site=site).values_list("kind", "language", "channel"))
        order = list(MessageGroup)
        kinds = sorted(kinds_of_site(site), key=lambda kind: order.index(kind.group))
        groups = [
            (GROUP_TITLES[group], [(kind, _cells(kind, own)) for kind in some])
            for group, some in groupby(kinds, key=lambda kind: kind.group)
        ]
        return self.render_to_response(
            self.get_context_data(groups=groups, site=site, sites=Site.objects.order_by("pk"))
        )


def _cells(kind: MessageKind, own: set[tuple[str, str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "language": language,
            "channel": channel,
            "title": Channel(channel).label,
            "is_own": (kind.key, language, channel) in own,
        }
        for language, _name in settings.LANGUAGES
        for channel in kind.channels
    ]


class TextScreen(MessageScreen):
    """A screen about one text; 404 for a kind, language or channel that there is not."""

    needed = EDIT_TEXTS

    @cached_property
    def site(self) -> Site:
        """Whose text it is."""
        return wanted_site(self.request)

    @cached_property
    def kind(self) -> MessageKind:
        """The kind in the address."""
        try:
            kind = kind_of(self.kwargs["kind"])
        except UnknownKind:
            raise Http404 from None
        known = self.kwargs["language"] in dict(settings.LANGUAGES)
        if not known or self.kwargs["channel"] not in kind.channels:
            raise Http404
        return kind

    @property
    def place(self) -> dict[str, Any]:
        """Which text, as the services want it."""
        return {"site": self.site, "language": self.kwargs["language"], "channel": self.kwargs["channel"]}

    def now_used(self) -> Texts:
        """The words in use."""
        channel: str = self.kwargs["channel"]
        return texts_of(self.kind, self.kwargs["language"], self.site)[channel]


class TextView(TextScreen):
    """One text with its form and a preview; a POST stores it, or restores the standard one."""

    template_name = "notifications/admin/text.html"

    @property
    def page_title(self) -> Any:
        """The kind's own title."""
        return self.kind.title

    def crumbs(self) -> list[tuple[str, str]]:
        """The list lies before it."""
        return [(reverse(LIST), str(TextsView.page_title))]

    def get(self, request: HttpRequest, **_kwargs: str) -> HttpResponse:
        """The form with the words in use."""
        channel = self.kwargs["channel"] if self.kind else ""
        return self._drawn(TextsForm(initial=vars(self.now_used()), kind=self.kind, channel=channel))

    def post(self, request: HttpRequest, **_kwargs: str) -> HttpResponseBase:
        """Store or restore."""
        address = f"{reverse(LIST)}?serwis={self.site.pk}"
        act = {**self.place, "actor": request.user, "request": request}
        if request.POST.get("do") == "restore":
            if restore_template(self.kind, **act):
                messages.success(request, _("The standard text is used again."))
            return redirect(address)
        form = TextsForm(request.POST, kind=self.kind, channel=self.kwargs["channel"])
        if not form.is_valid():
            return self._drawn(form, status=422)
        if store_template(self.kind, form.texts, **act) is None:
            messages.info(request, _("Nothing has changed."))
        else:
            messages.success(request, _("The text is used from now on."))
        return redirect(address)

    def _drawn(self, form: TextsForm, status: int = 200) -> HttpResponse:
        channel, language = self.kwargs["channel"], self.kwargs["language"]
        own = MessageTemplate.objects.filter(kind=self.kind.key, **self.place).exists()
        context = self.get_context_data(
            form=form,
            kind=self.kind,
            is_own=own,
            channel=Channel(channel).label,
            language=dict(settings.LANGUAGES)[language],
            language_code=language,
            preview_url=f"{reverse('ebok_message_preview', kwargs=self.kwargs)}?serwis={self.site.pk}",
        )
        return self.render_to_response(context, status=status)


class PreviewView(TextScreen):
    """What the person would see, with sample values: the words in use, or those just typed (POST)."""

    page_title = gettext_lazy("Preview")

    def get(self, request: HttpRequest, **_kwargs: str) -> HttpResponse:
        """The words in use."""
        return self._shown(self.kind, self.now_used())

    def post(self, request: HttpRequest, **_kwargs: str) -> HttpResponse:
        """The words typed; wrong ones are told in place of the preview."""
        form = TextsForm(request.POST, kind=self.kind, channel=self.kwargs["channel"])
        if not form.is_valid():
            sentences = [str(error) for errors in form.errors.values() for error in errors]
            return framed("notifications/admin/preview_text.html", {"paragraphs": sentences, "faulty": True})
        return self._shown(self.kind, form.texts)

    def _shown(self, kind: MessageKind, texts: Texts) -> HttpResponse:
        with translation.override(self.kwargs["language"]):
            filled = texts.filled(kind.samples)
            if self.kwargs["channel"] == Channel.EMAIL:
                _text, html = rendered(
                    filled, self.site, url=base_url(self.site), unsubscribe_url="" if kind.is_duty else "#"
                )
                return framed("", {}, html=html)
            if self.kwargs["channel"] == Channel.SMS:
                body = without_accents(filled.body)
                return framed(
                    "notifications/admin/preview_text.html",
                    {"paragraphs": [body], "letters": len(body), "parts": parts_of(body)},
                )
            return framed(
                "notifications/admin/preview_text.html",
                {"title": filled.subject, "paragraphs": filled.body.split("\n\n"), "action": filled.action},
            )
