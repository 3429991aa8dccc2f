"""/webhooks/noticeboard/"""

from django.urls import path

from ebok_sample_noticeboard.views import webhooks

urlpatterns = [path("pin/", webhooks.pin, name="pin")]
