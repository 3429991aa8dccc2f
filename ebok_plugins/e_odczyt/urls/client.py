"""Addresses in the client zone, below /moje-konto/odczyty/."""

from django.urls import path

from ebok_plugins.e_odczyt.views import history, telemetry

urlpatterns = [
    path("", history.History.as_view(), name="history"),
    # Telemetry
    path("zdalne/", telemetry.Remote.as_view(), name="remote"),
    path("zdalne/<int:pk>/", telemetry.FindingPage.as_view(), name="finding"),
    path("zdalne/nieobecnosc/<int:pk>/", telemetry.RemoveAbsence.as_view(), name="remove_absence"),
]
