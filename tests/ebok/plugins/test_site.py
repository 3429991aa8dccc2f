"""The site of a request is the one Wagtail finds, with its look read along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory
from wagtail.models import Page, Site

from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.plugins.site import site_of

pytestmark = pytest.mark.django_db

HOSTS = [
    ("a.lipowo.example", 80),
    ("a.lipowo.example", 8080),
    ("a.lipowo.example", 99),
    ("b.lipowo.example", 99),
    ("elsewhere.example", 80),
    ("default.lipowo.example", 99),
]


@pytest.mark.parametrize("has_default", [True, False])
@pytest.mark.parametrize(("host", "port"), HOSTS)
def test_wagtails_rule(host: str, port: int, has_default: bool) -> None:
    Site.objects.all().delete()
    root = Page.objects.get(depth=1)
    for name, number in (("a", 80), ("a", 8080), ("b", 80)):
        Site.objects.create(hostname=f"{name}.lipowo.example", port=number, root_page=root)
    if has_default:
        Site.objects.create(hostname="default.lipowo.example", port=80, root_page=root, is_default_site=True)

    def request() -> Any:
        return RequestFactory().get("/", HTTP_HOST=f"{host}:{port}", SERVER_PORT=str(port))

    assert site_of(request()) == Site.find_for_request(request())


def test_one_query_brings_site_theme_and_organisation(
    site: Site, assert_queries: Callable[[int], Any]
) -> None:
    for model in (ThemeSettings, OrganisationSettings):
        model.for_site(site)
    request = RequestFactory().get("/", HTTP_HOST=site.hostname, SERVER_PORT=str(site.port))
    with assert_queries(1):
        assert site_of(request) == site
        assert ThemeSettings.for_request(request).site_id == site.pk
        assert OrganisationSettings.for_request(request).site_id == site.pk
        assert Site.find_for_request(request) == site


def test_each_request_has_its_own_copies(site: Site) -> None:
    ThemeSettings.for_site(site)
    first, second = (RequestFactory().get("/", HTTP_HOST=site.hostname) for _ in range(2))
    ThemeSettings.for_request(first).short_name = "changed"
    assert ThemeSettings.for_request(second).short_name == "e-BOK"
