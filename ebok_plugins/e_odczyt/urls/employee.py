"""Addresses in the employee zone, below /pracownik/odczyty/."""

from django.urls import URLPattern, path

from ebok_plugins.e_odczyt.views import telemetry_staff

urlpatterns: list[URLPattern] = [
    # Telemetry
    path("zdalne/", telemetry_staff.Findings.as_view(), name="findings"),
    path("zdalne/zamknij/<int:pk>/", telemetry_staff.CloseFinding.as_view(), name="close_finding"),
    path("zdalne/licznik/<int:pk>/", telemetry_staff.RemoteMeterPage.as_view(), name="remote_meter"),
    path("zdalne/pliki/", telemetry_staff.RemoteFiles.as_view(), name="remote_files"),
    path("zdalne/pliki/<int:pk>/", telemetry_staff.RemoteFilePage.as_view(), name="remote_file"),
]
