"""The page tree: included last, because it takes every address nobody else has taken."""

from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls

from page_types import serving, sitemap

urlpatterns = [
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
    # Feeds and downloads of pages ("aktualnosci/atom.xml"), which Wagtail's own pattern leaves out.
    re_path(r"^((?:[\w\-]+/)*[\w\-]+\.(?:xml|ics|json|csv))$", serving.serve, name="page_file"),
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
    path("", include(wagtail_urls)),
]
