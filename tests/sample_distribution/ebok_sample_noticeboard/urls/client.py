"""/moje-konto/sasiedzi/"""

from django.urls import path

from ebok_sample_noticeboard.views import client

urlpatterns = [
    path("", client.Mine.as_view(), name="mine"),
    path("nowe/", client.New.as_view(), name="new"),
    path("<uuid:public_id>/", client.One.as_view(), name="one"),
]
