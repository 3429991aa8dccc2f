"""The janitor who knows everybody; not set up anywhere, so no page offers to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.ports import IdentityRefused, IdentityUnavailable, ProvenIdentity, Setting


class Janitor:
    """A provider as the port wants it; a real one would send the person to another address."""

    key = "noticeboard.janitor"
    title = gettext_lazy("The janitor")
    method = "janitor"
    consent = gettext_lazy("that the janitor knows you")

    def missing_settings(self, site: Site) -> Sequence[Setting]:
        """Nobody has told the portal where the janitor lives."""
        return [Setting(name="janitor", title=gettext_lazy("The janitor"), edit_url="/admin/")]

    def start(self, request: HttpRequest, return_url: str) -> HttpResponse:
        """Nobody is there."""
        raise IdentityUnavailable("The janitor does not open.")

    def finish(self, request: HttpRequest) -> ProvenIdentity:
        """Nobody has vouched."""
        raise IdentityRefused(_("The janitor does not know you."))

    def sign_out(self, site: Site, ticket: Mapping[str, str]) -> None:
        """Nothing to tell."""


identity_providers = [Janitor()]
