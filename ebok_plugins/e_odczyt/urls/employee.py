"""Addresses in the employee zone, below /pracownik/odczyty/."""

from django.urls import path

from ebok_plugins.e_odczyt.views import employee

urlpatterns = [
    path("", employee.Queue.as_view(), name="queue"),
    path("okna/", employee.Shares.as_view(), name="shares"),
    path("<int:pk>/", employee.Detail.as_view(), name="reading"),
    path("<int:pk>/zdjecie/", employee.Photo.as_view(), name="photo"),
    # Telemetry
]
