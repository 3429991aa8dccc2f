"""Addresses in the client zone, below /moje-konto/faktury/."""

from django.urls import path

from ebok_plugins.e_faktura.views.bills import BillPage, Bills

urlpatterns = [
    path("", Bills.as_view(), name="list"),
    path("<int:pk>/", BillPage.as_view(), name="bill"),
    # KSeF
]
