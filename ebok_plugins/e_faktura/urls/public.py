"""Public addresses, below /faktura/."""

from django.urls import path

from ebok_plugins.e_faktura.views.public import Check

urlpatterns = [
    path("sprawdz/", Check.as_view(), name="check"),
    # KSeF
]
