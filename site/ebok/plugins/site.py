"""The site of a request with what every page needs of it, read in one query and kept between publications."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Site

from ebok.pagecache.kept import kept

_along: list[str] = []


def read_along(*relations: str) -> None:
    """Have these one-to-one relations of `Site` come with it; for the `ready()` of a room."""
    _along.extend(name for name in relations if name not in _along)


def site_of(request: HttpRequest) -> Site | None:
    """The site of this request, the same that `Site.find_for_request` finds; no or one query.

    It is left on the request, where Wagtail looks first. It is shared: nobody may change it.
    """
    if not hasattr(request, "_wagtail_site"):
        # Like Wagtail without Django's check of the host: error pages for refused hosts have a look, too.
        hostname, port = split_domain_port(request._get_raw_host())[0], request.get_port()  # type: ignore[attr-defined]
        request._wagtail_site = kept(("site", hostname, port), lambda: _read(hostname, port))  # type: ignore[attr-defined]
    found: Site | None = request._wagtail_site  # type: ignore[attr-defined]
    return found


def site_or_default(request: HttpRequest | None) -> Site:
    """The site of this request, or the default one where nobody asked for a page.

    Raises `Site.DoesNotExist` where there is none.
    """
    found = site_of(request) if request is not None else None
    return found or Site.objects.get(is_default_site=True)


def _read(hostname: str, port: str) -> Site | None:
    """By Wagtail's rule: host and port, the default site's host, the only site of a host, the default."""
    sites = list(
        Site.objects.filter(Q(hostname=hostname) | Q(is_default_site=True))
        .select_related("root_page", *_along)
        .order_by("pk")
    )
    named = [site for site in sites if site.hostname == hostname]
    for site in named:
        if str(site.port) == port:
            return site
    default = next((site for site in sites if site.is_default_site), None)
    return named[0] if len(named) == 1 and (default is None or default not in named) else default
