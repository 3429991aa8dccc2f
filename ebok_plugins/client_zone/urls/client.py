"""Pages of the client zone that belong to no module."""

from django.urls import path

from ebok_plugins.client_zone.views import joining, sharing
from ebok_plugins.client_zone.views.client import AnnouncementDetail, AnnouncementList
from ebok_plugins.client_zone.views.front import AllCustomers, Dashboard, StopLooking, Switch

urlpatterns = [
    path("", Dashboard.as_view(), name="dashboard"),
    path("przelacz/", Switch.as_view(), name="switch"),
    path("koniec-podgladu/", StopLooking.as_view(), name="stop_looking"),
    path("klienci/", AllCustomers.as_view(), name="together"),
    path("polacz/", joining.Join.as_view(), name="join"),
    path("polacz/list/", joining.JoinByLetter.as_view(), name="join_letter"),
    path("polacz/dowod/<uuid:claim>/", joining.ClaimPage.as_view(), name="claim"),
    path("dostep/", sharing.SharingList.as_view(), name="sharing"),
    path("dostep/zapros/", sharing.Invite.as_view(), name="invite"),
    path("dostep/zaproszenie/<uuid:invitation>/", sharing.InvitationPage.as_view(), name="invitation"),
    path("dostep/osoba/<int:access>/", sharing.AccessPage.as_view(), name="access"),
    path("moj-dostep/", sharing.MyAccess.as_view(), name="my_access"),
    path("tablica/", AnnouncementList.as_view(), name="announcements"),
    path("tablica/<int:pk>/", AnnouncementDetail.as_view(), name="announcement"),
]
