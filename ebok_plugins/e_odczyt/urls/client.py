"""Addresses in the client zone, below /moje-konto/odczyty/."""

from django.urls import path

from ebok_plugins.e_odczyt.views import history

urlpatterns = [
    path("", history.History.as_view(), name="history"),
    # Telemetry
]
