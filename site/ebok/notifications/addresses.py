"""Whole addresses for letters, made where there is no request."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site


def base_url(site: Site) -> str:
    """What people type to reach the site: of the default site the setting says it, of others their host."""
    base: str = settings.WAGTAILADMIN_BASE_URL if site.is_default_site else site.root_url
    return base.rstrip("/")


def address_of(site: Site, view: str, *, language: str | None = None, **arguments: object) -> str:
    """The whole address of a view, in a language."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return f"{base_url(site)}{reverse(view, kwargs=arguments or None)}"
