"""Public addresses, below /faktura/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    # KSeF
]
