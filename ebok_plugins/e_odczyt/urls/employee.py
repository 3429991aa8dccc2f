"""Addresses in the employee zone, below /pracownik/odczyty/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    # Telemetry
]
