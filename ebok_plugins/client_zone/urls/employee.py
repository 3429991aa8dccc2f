"""Pages about clients in the employee zone."""

from django.urls import path

from ebok_plugins.client_zone.views.employee import RequestDecision, RequestQueue

urlpatterns = [
    path("wnioski/", RequestQueue.as_view(), name="request_queue"),
    path("wnioski/<int:pk>/", RequestDecision.as_view(), name="request"),
]
