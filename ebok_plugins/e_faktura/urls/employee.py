"""Addresses in the employee zone, below /pracownik/faktury/."""

from django.urls import path

from ebok_plugins.e_faktura.views import employee

urlpatterns = [
    path("", employee.Deliveries.as_view(), name="deliveries"),
    path("<int:pk>/", employee.BillOfAnybody.as_view(), name="bill"),
    path("<int:pk>/pdf/", employee.PdfOfAnybody.as_view(), name="pdf"),
    path("<int:pk>/dowod/", employee.EvidencePdf.as_view(), name="evidence"),
    # KSeF
]
