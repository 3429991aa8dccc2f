"""Help: an index, its pages, and the way from a zone page's topic to the page that explains it.

Zone pages name a topic ("dashboard", "invoices"); a help page says which topics it explains.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from page_types.base import BasePage, BodyPage, content_language
from page_types.chrome import Chrome

_is_topic = RegexValidator(
    r"^[a-z0-9_.-]+\Z", _("Small letters, digits, hyphens, dots and underscores only.")
)


class HelpPage(BodyPage):
    """Explains one thing; `topic` joins it to the "Help" link of zone pages."""

    topic = models.CharField(
        _("help topic"),
        max_length=60,
        blank=True,
        validators=[_is_topic],
        help_text=_("Key of the zone page this explains, e.g. “dashboard”. Empty for general help."),
    )

    template = "page_types/help_page.html"
    parent_page_types = ["page_types.HelpIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [*BasePage.content_panels, FieldPanel("topic"), FieldPanel("body")]
    search_fields: ClassVar[list[Any]] = [*BodyPage.search_fields, index.FilterField("topic")]

    class Meta:
        verbose_name = _("help page")
        verbose_name_plural = _("help pages")
        indexes = [models.Index(fields=("topic",), name="help_topic")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the other help pages beside this one."""
        context = super().get_context(request, *args, **kwargs)
        if self.path and context["chrome"] is not None:
            context["neighbours"] = help_pages_below(self.path[: -self.steplen])
        return context

    def clean(self) -> None:
        """One page for a topic in each language, so that the link has one answer."""
        super().clean()
        if not self.topic or self.locale_id is None:
            return
        same = HelpPage.objects.filter(topic=self.topic, locale_id=self.locale_id).exclude(pk=self.pk)
        if same.exists():
            raise ValidationError({"topic": _("Another help page explains this topic already.")})


class HelpIndexPage(BodyPage):
    """The list of help pages."""

    landmark = "help"
    template = "page_types/help_index_page.html"
    subpage_types = ["page_types.HelpPage"]
    search_fields: ClassVar[list[Any]] = [*BodyPage.search_fields]

    class Meta:
        verbose_name = _("help index")
        verbose_name_plural = _("help indexes")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages."""
        context = super().get_context(request, *args, **kwargs)
        context.update(
            help_pages=help_pages_below(self.path) if self.path else [],
            own_address=self.address(request) if self.path and Chrome.of(request, self) else "",
        )
        return context


def help_pages_below(path: str) -> list[HelpPage]:
    """Help pages below the index whose tree path is given, in the editors' order; one query."""
    return list(
        HelpPage.objects.filter(path__startswith=path, live=True, view_restrictions=None)
        .defer("body")
        .order_by("path")
    )


def help_url(request: HttpRequest, topic: str) -> str:
    """Address of the page that explains `topic` in the active language, else the help index, else "".

    Zone pages call it through a template tag. The pages come with the links of the footer, in the
    query of the chrome (`Chrome.rows`).
    """
    chrome = Chrome.of(request)
    if chrome is None:
        return ""
    chrome.include_help(topic)
    for language in dict.fromkeys((content_language(chrome.language), settings.LANGUAGE_CODE)):
        home = chrome.homes.get(language)
        if home is None:
            continue
        found = [
            row
            for row in chrome.rows
            if row.path.startswith(home.path)
            and (row.topic == topic or chrome.landmark_types.get(row.type_id) == HelpIndexPage.landmark)
        ]
        # The page of the topic before the index, which has no topic.
        for row in sorted(found, key=lambda row: not row.topic):
            return chrome.address(row)
    return ""
