"""The state of the portal as the public page shows it, worked out once a minute.

The checks together ask more of the database than a public page may; the minute timer asks them
and leaves the answer in the shared cache. Where the timer stands still the answer grows old and
is dropped; the page then says that it does not know.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import get_language
from wagtail.models import Site

from ebok.operations.board import PublicStatus, public_status

KEPT_SECONDS = 150
"""Two missed minutes and a little."""


def portal_status(site: Site) -> PublicStatus | None:
    """The kept answer in the active language, at most two and a half minutes old, or None."""
    kept = cache.get(_key(site, get_language()))
    return kept if isinstance(kept, PublicStatus) else None


def renew(site: Site) -> PublicStatus:
    """Ask all checks now and keep the answer, in words of every language; returns the default one."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = public_status(site)
            cache.set(_key(site, language), found[language], KEPT_SECONDS)
    return found[settings.LANGUAGE_CODE]


def _key(site: Site, language: str | None) -> str:
    return f"page_types.portal_status.{site.pk}.{language}"
