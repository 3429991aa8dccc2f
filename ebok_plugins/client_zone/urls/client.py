"""Pages of the client zone that belong to no module."""

from django.urls import path

from ebok_plugins.client_zone.views.client import AnnouncementDetail, AnnouncementList
from ebok_plugins.client_zone.views.front import AllCustomers, Dashboard, StopLooking, Switch

urlpatterns = [
    path("", Dashboard.as_view(), name="dashboard"),
    path("przelacz/", Switch.as_view(), name="switch"),
    path("koniec-podgladu/", StopLooking.as_view(), name="stop_looking"),
    path("klienci/", AllCustomers.as_view(), name="together"),
    path("tablica/", AnnouncementList.as_view(), name="announcements"),
    path("tablica/<int:pk>/", AnnouncementDetail.as_view(), name="announcement"),
]
