"""Pages of the client zone that belong to no module."""

from django.urls import path

from ebok.zones.views import ZoneDashboard
from ebok_plugins.client_zone.views.client import AnnouncementDetail, AnnouncementList

urlpatterns = [
    path("", ZoneDashboard.as_view(), name="dashboard"),
    path("tablica/", AnnouncementList.as_view(), name="announcements"),
    path("tablica/<int:pk>/", AnnouncementDetail.as_view(), name="announcement"),
]
