"""The inset for public pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, IntegerBlock, StructBlock
from wagtail.models import Site

from ebok.ports import Inset
from ebok_sample_noticeboard.queries import public_notices


class NewestNoticesBlock(StructBlock):
    """The newest public notices under a heading."""

    heading = CharBlock(label=_("Heading"), max_length=80)
    number = IntegerBlock(label=_("How many"), min_value=1, max_value=20, default=3)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the notices of the page's site."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        request = context.get("request")
        site = Site.find_for_request(request) if request else None
        context["notices"] = public_notices(site)[: value["number"]] if site else []
        return context

    class Meta:
        icon = "pin"
        label = _("Newest notices")
        template = "noticeboard/inset.html"


insets = [Inset(name="newest", block=NewestNoticesBlock, group=_("Notice board"))]
