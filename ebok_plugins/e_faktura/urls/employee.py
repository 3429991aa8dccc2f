"""Addresses in the employee zone, below /pracownik/faktury/."""

from django.urls import path

from ebok_plugins.e_faktura.views.employee import Deliveries

urlpatterns = [
    path("", Deliveries.as_view(), name="deliveries"),
    # KSeF
]
