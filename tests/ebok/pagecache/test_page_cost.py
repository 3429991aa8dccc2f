"""What a public page costs when it is rendered, and that it says the same to everybody: on the demo town."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.operations.demo_loading import load
from ebok.pagecache.headers import is_public

pytestmark = [
    pytest.mark.django_db,
    # Building the demo's files leaves temporary files to the collector (zipfile and Django's uploads).
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

MOST_QUERIES = 12
"""For any uncached public page (Wagtail's own demo spends 22 on a blog page)."""


@pytest.fixture
def town(db: None) -> list[str]:
    """The demo town; the paths in its sitemap."""
    load(say=lambda line: None)
    Site.objects.update(hostname="testserver", port=80)
    Site.clear_site_root_paths_cache()
    found = Client().get("/sitemap.xml").content.decode()
    paths = [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", found)]
    assert len(paths) > 40
    return paths


def test_every_page_of_the_sitemap_is_cheap_public_and_the_same_for_all(town: list[str]) -> None:
    anybody = Client()
    somebody = Client()
    somebody.force_login(User.objects.filter(is_superuser=True).order_by("pk")[0])
    wrong: dict[str, str] = {}
    for path in town:
        anybody.get(path)
        with CaptureQueriesContext(connection) as captured:
            response = anybody.get(path)
        signed_in = somebody.get(path, headers={"accept-language": "de", "referer": "https://x.example/"})
        if response.status_code != 200:
            wrong[path] = f"answers {response.status_code}"
        elif not is_public(response):
            wrong[path] = f"is not public: {response.get('Cache-Control')}"
        elif response.content != signed_in.content or not is_public(signed_in):
            wrong[path] = "differs for somebody signed in"
        elif len(captured) > MOST_QUERIES:
            wrong[path] = f"takes {len(captured)} queries"
    assert wrong == {}
