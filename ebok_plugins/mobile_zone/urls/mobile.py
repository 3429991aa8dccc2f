"""Pages of the field zone that belong to no module."""

from django.urls import path

from ebok.zones.views import ZoneDashboard

urlpatterns = [path("", ZoneDashboard.as_view(), name="dashboard")]
