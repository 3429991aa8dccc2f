"""The context processor `ebok.look.context.look`: what every template may use.

    theme            `ThemeSettings` of the site (logo, names, colours, tiles)
    organisation     `OrganisationSettings` of the site (address, contact, hours, footer)
    look             the reader's variant (`theme` "light|contrast", `text` "100|120|150", `key`)
    map_tiles        tile address of maps, or "" (setting `EBOK_MAP_TILES`)
    map_attribution  whom the map must name

`theme` and `organisation` ask the database when they are first used, once for a request. The
links to other languages need the page and are a tag: `{% language_links as links %}`.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Site

from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.look.variants import COOKIE, parse

SiteSetting = TypeVar("SiteSetting", bound=BaseSiteSetting)


def look(request: HttpRequest) -> dict[str, Any]:
    """Theme, organisation and the reader's variant for templates."""
    return {
        "theme": SimpleLazyObject(lambda: _of_site(ThemeSettings, request)),
        "organisation": SimpleLazyObject(lambda: _of_site(OrganisationSettings, request)),
        "look": getattr(request, "look", None) or parse(request.COOKIES.get(COOKIE)),
        "map_tiles": settings.EBOK_MAP_TILES,
        "map_attribution": settings.EBOK_MAP_ATTRIBUTION,
    }


def _of_site(model: type[SiteSetting], request: HttpRequest) -> SiteSetting:
    """The site's settings, or plain ones where no site answers or the database is away.

    An error page must be drawn even then; it simply looks like a portal nobody has set up.
    """
    try:
        return cast("SiteSetting", model.for_request(request))
    except (Site.DoesNotExist, model.DoesNotExist, AttributeError, DatabaseError):
        return model()
