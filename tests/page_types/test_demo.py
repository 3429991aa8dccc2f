"""The demo's own site: every page answers in both languages, within the budget, and loads only once."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from ebok.operations import demo_loading
from page_types.announcements import AnnouncementPage
from page_types.base import BasePage
from page_types.chrome import concrete_types

MOST_QUERIES = 12
NOW = datetime(2026, 5, 14, 13, 20, tzinfo=timezone.get_default_timezone())
OF_OUTAGES = re.compile(r"/(awarie|outages)/[a-z0-9]{8}/$")


@pytest.mark.feature("A01", "A02", "M16")
@pytest.mark.long
# Wagtail leaves the temporary files of new renditions to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.django_db
def test_every_page_of_the_demo_answers_within_the_budget() -> None:
    demo_loading.load(now=NOW, say=lambda _line: None)
    pages = Page.objects.count()
    demo_loading.load(now=NOW, say=lambda _line: None, again=True)
    assert Page.objects.count() == pages, "a second load adds nothing"
    assert AnnouncementPage.objects.filter(locale__language_code="pl").count() == 14
    unused = [model for model in concrete_types(BasePage) if model.objects.count() < 2]
    assert unused == [], "every page type stands in both languages"
    browser = Client(HTTP_HOST="localhost")
    addresses = re.findall(r"<loc>http://localhost([^<]*)</loc>", browser.get("/sitemap.xml").text)
    assert len(addresses) > 60
    for address in addresses:
        assert browser.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        if not OF_OUTAGES.search(address):
            assert len(captured) <= MOST_QUERIES, (address, [query["sql"][:150] for query in captured])
