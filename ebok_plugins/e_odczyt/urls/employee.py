"""Addresses in the employee zone, below /pracownik/odczyty/."""

from django.urls import path

from ebok_plugins.e_odczyt.views import employee, telemetry_staff

urlpatterns = [
    path("", employee.Queue.as_view(), name="queue"),
    path("okna/", employee.Shares.as_view(), name="shares"),
    path("<int:pk>/", employee.Detail.as_view(), name="reading"),
    path("<int:pk>/zdjecie/", employee.Photo.as_view(), name="photo"),
    # Telemetry
    path("zdalne/", telemetry_staff.Findings.as_view(), name="findings"),
    path("zdalne/zamknij/<int:pk>/", telemetry_staff.CloseFinding.as_view(), name="close_finding"),
    path("zdalne/licznik/<int:pk>/", telemetry_staff.RemoteMeterPage.as_view(), name="remote_meter"),
    path("zdalne/pliki/", telemetry_staff.RemoteFiles.as_view(), name="remote_files"),
    path("zdalne/pliki/<int:pk>/", telemetry_staff.RemoteFilePage.as_view(), name="remote_file"),
]
