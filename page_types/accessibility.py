"""The accessibility declaration ("deklaracja dostępności").

Sources: Act of 4 April 2019 on digital accessibility, art. 10; "Warunki techniczne publikacji
oraz struktura dokumentu elektronicznego deklaracji dostępności" (the ids `a11y-…` that machines
look for, dates as `<time datetime>`). A declaration is reviewed every year by 31 March.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from page_types.base import BasePage
from page_types.chrome import Chrome

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]
REVIEW_MONTH, REVIEW_DAY = 3, 31

_is_phone = RegexValidator(r"^\+?[0-9 ()/-]{3,25}\Z", _("Write a telephone number, e.g. 67 200 19 90."))


class Conformity(models.TextChoices):
    """What the declaration says about the site."""

    FULL = "full", _("conformant")
    PARTIAL = "partial", _("partially conformant")
    NONE = "none", _("non-conformant")


class Method(models.TextChoices):
    """How that was found out."""

    SELF = "self", _("own assessment")
    AUDIT = "audit", _("assessment by another body")


class AccessibilityDeclarationPage(BasePage):
    """The declaration as a form: the required parts cannot be left out."""

    landmark = "declaration"

    entity = models.CharField(_("who declares"), max_length=200)
    published_on = models.DateField(_("site published on"))
    updated_on = models.DateField(_("last important update of the site"))
    conformity = models.CharField(
        _("the site is"), max_length=8, choices=Conformity, default=Conformity.PARTIAL
    )
    shortcomings = RichTextField(
        _("what is not accessible yet"),
        features=FEATURES,
        blank=True,
        help_text=_("Which contents, why, until when, and how people can get the information meanwhile."),
    )
    prepared_on = models.DateField(_("declaration prepared on"))
    reviewed_on = models.DateField(_("declaration last reviewed on"))
    method = models.CharField(_("prepared by"), max_length=8, choices=Method, default=Method.SELF)
    auditor = models.CharField(_("name of the other body"), max_length=200, blank=True)
    shortcuts = RichTextField(_("keyboard shortcuts"), features=FEATURES, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=120)
    contact_email = models.EmailField(_("e-mail"))
    contact_phone = models.CharField(_("telephone"), max_length=25, validators=[_is_phone])
    procedure = RichTextField(
        _("more about complaints"),
        features=FEATURES,
        blank=True,
        help_text=_("The procedure the law demands is written for you; add what is particular to you."),
    )
    architecture = RichTextField(_("accessibility of the building"), features=FEATURES)
    applications = RichTextField(_("mobile applications"), features=FEATURES)

    template = "page_types/accessibility_declaration_page.html"
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("entity"),
        FieldRowPanel([FieldPanel("published_on"), FieldPanel("updated_on")]),
        MultiFieldPanel(
            [FieldPanel("conformity"), FieldPanel("shortcomings"), FieldPanel("shortcuts")],
            heading=_("Conformity"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("prepared_on"), FieldPanel("reviewed_on")]),
                FieldPanel("method"),
                FieldPanel("auditor"),
            ],
            heading=_("Preparation and yearly review"),
        ),
        MultiFieldPanel(
            [FieldPanel("contact_person"), FieldPanel("contact_email"), FieldPanel("contact_phone")],
            heading=_("Contact"),
        ),
        FieldPanel("procedure"),
        FieldPanel("architecture"),
        FieldPanel("applications"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.SearchField("shortcomings"),
        index.SearchField("architecture"),
    ]

    class Meta:
        verbose_name = _("accessibility declaration")
        verbose_name_plural = _("accessibility declarations")

    def clean(self) -> None:
        """What the law demands depending on the answer, and dates in a possible order."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.conformity != Conformity.FULL and not str(self.shortcomings or "").strip():
            errors["shortcomings"] = _("Say what is not accessible yet and why.")
        if self.method == Method.AUDIT and not self.auditor.strip():
            errors["auditor"] = _("Name the body that assessed the site.")
        today = timezone.localdate()
        if self.reviewed_on and self.reviewed_on > today:
            errors["reviewed_on"] = _("A review cannot lie in the future.")
        if self.prepared_on and self.reviewed_on and self.reviewed_on < self.prepared_on:
            errors["reviewed_on"] = _("The review cannot be earlier than the declaration.")
        if self.published_on and self.updated_on and self.updated_on < self.published_on:
            errors["updated_on"] = _("The update cannot be earlier than the publication.")
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the address of the site the declaration is about."""
        context = super().get_context(request, *args, **kwargs)
        chrome: Chrome | None = context["chrome"]
        home = chrome.address(chrome.home) if chrome and chrome.home else "/"
        context["site_url"] = request.build_absolute_uri(home)
        return context


def review_is_due(reviewed_on: date, today: date) -> bool:
    """Whether the yearly review is late: after 31 March none was made in this calendar year.

    Until that day the review of the year before is enough.
    """
    late = (today.month, today.day) > (REVIEW_MONTH, REVIEW_DAY)
    return reviewed_on.year < (today.year if late else today.year - 1)
