"""Contact: departments with their numbers and hours, and where they are."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from ebok.look.blocks import HoursBlock
from ebok.look.models import phone_href
from ebok.look.opening import Hours, clock
from ebok.look.positions import Positioned
from page_types.base import BasePage, BodyPage

_is_phone = RegexValidator(r"^\+?[0-9 ()/-]{3,25}\Z", _("Write a telephone number, e.g. 67 200 19 90."))

SCHEMA_DAYS = {
    1: "Monday",
    2: "Tuesday",
    3: "Wednesday",
    4: "Thursday",
    5: "Friday",
    6: "Saturday",
    7: "Sunday",
}


class ContactPage(BodyPage):
    """How to reach whom. Address and main numbers come from Settings → Organisation (M05)."""

    landmark = "contact"

    template = "page_types/contact_page.html"
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *BasePage.content_panels,
        InlinePanel("departments", label=_("Department"), heading=_("Departments")),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *BodyPage.search_fields,
        index.RelatedFields(
            "departments",
            [index.SearchField("name"), index.SearchField("matters"), index.SearchField("phone")],
        ),
    ]

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Departments with their numbers on the map, and the same for machines."""
        context = super().get_context(request, *args, **kwargs)
        departments = list(self.departments.all())
        chrome = context["chrome"]
        context.update(
            departments=departments,
            points=_points(departments),
            facts=self.facts(request, chrome.organisation, departments) if chrome else None,
        )
        return context

    def facts(self, request: HttpRequest, organisation: Any, departments: list[Department]) -> dict[str, Any]:
        """The organisation in the words of schema.org (GovernmentOffice is too narrow for a company)."""
        facts: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "Organization",
            "name": organisation.legal_name,
            "url": request.build_absolute_uri("/"),
            "telephone": phone_href(organisation.phone).removeprefix("tel:") if organisation.phone else "",
            "email": organisation.email,
            "taxID": organisation.nip,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": organisation.street,
                "postalCode": organisation.postcode,
                "addressLocality": organisation.city,
                "addressCountry": "PL",
            },
            "department": [_department_facts(department) for department in departments],
        }
        return {name: value for name, value in facts.items() if value}


class Department(Positioned, Orderable):
    """A department, an office or a desk."""

    page = ParentalKey(ContactPage, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField(_("name"), max_length=120)
    matters = models.CharField(
        _("what it deals with"),
        max_length=250,
        blank=True,
        help_text=_("In words people use: “bills, meters”."),
    )
    phone = models.CharField(_("telephone"), max_length=25, blank=True, validators=[_is_phone])
    email = models.EmailField(_("e-mail"), blank=True)
    place = models.CharField(
        _("where"), max_length=150, blank=True, help_text=_("Street and number, floor, room.")
    )
    hours = StreamField([("hours", HoursBlock())], verbose_name=_("hours"), blank=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("matters"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
        FieldPanel("place"),
        FieldPanel("hours"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")])], heading=_("On the map")
        ),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Some way to reach it, and a whole position or none."""
        super().clean()
        if not (self.phone or self.email or self.place):
            raise ValidationError(_("Give a telephone number, an e-mail address or a place."))

    @property
    def hours_list(self) -> list[Hours]:
        """Opening hours in the order in which they were typed."""
        return [block.value.hours for block in self.hours]


def _points(departments: list[Department]) -> list[dict[str, Any]]:
    """What the list beside the map shows: departments that have a place, numbered."""
    placed = [department for department in departments if department.place]
    return [
        {
            "number": number,
            "title": department.name,
            "meta": department.place,
            "lat": department.latitude,
            "lon": department.longitude,
        }
        for number, department in enumerate(placed, start=1)
    ]


def _department_facts(department: Department) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "@type": "Organization",
        "name": department.name,
        "telephone": phone_href(department.phone).removeprefix("tel:") if department.phone else "",
        "email": department.email,
        "address": department.place,
    }
    if department.latitude is not None and department.longitude is not None:
        facts["location"] = {
            "@type": "Place",
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": float(department.latitude),
                "longitude": float(department.longitude),
            },
        }
    if hours := department.hours_list:
        # openingHours belongs to local businesses; a department with hours is one.
        facts["@type"] = "LocalBusiness"
        facts["openingHoursSpecification"] = [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": [SCHEMA_DAYS[day] for day in sorted(entry.days)],
                "opens": clock(entry.opens).zfill(5),
                "closes": clock(entry.closes).zfill(5),
            }
            for entry in hours
        ]
    return {name: value for name, value in facts.items() if value}
