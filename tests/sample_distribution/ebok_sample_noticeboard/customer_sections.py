"""What the board adds to the employees' page of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.ports import CustomerSection
from ebok_sample_noticeboard.models import Notice

SHOWN = 3


def notices_of(_request: HttpRequest, customer: Any) -> Mapping[str, Any]:
    """The newest notices of whoever acts for the customer."""
    people = customer.accesses.values("user")
    return {"notices": list(Notice.objects.filter(owner__in=people)[:SHOWN])}


customer_sections = [
    CustomerSection(
        key="notices",
        title=_("Notices"),
        template="noticeboard/section.html",
        context=notices_of,
        permission="noticeboard.moderate",
    )
]
