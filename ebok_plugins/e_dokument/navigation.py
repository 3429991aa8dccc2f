"""The list of documents in the public menu, and the queue of applications in the employee zone."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.ports import NavItem
from ebok_plugins.e_dokument import queries


def waiting(request: HttpRequest) -> int | None:
    """How many applications nobody has taken up yet; None when there is none."""
    site = Site.find_for_request(request)
    return (queries.waiting_count(site) or None) if site else None


navigation = [
    # Fifth in the main menu of the public pages, where pages stand at 10, 20, 30 …
    NavItem(zone="public", view="list", title=_("Documents"), icon="page", order=45),
    NavItem(
        zone="employee",
        view="queue",
        title=_("Applications"),
        icon="form",
        order=40,
        permission="e_dokument.handle",
        badge=waiting,
    ),
]
