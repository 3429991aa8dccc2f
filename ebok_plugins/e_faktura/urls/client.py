"""Addresses in the client zone, below /moje-konto/faktury/."""

from django.urls import path

from ebok_plugins.e_faktura.views import ksef
from ebok_plugins.e_faktura.views.bills import BillPage, Bills

urlpatterns = [
    path("", Bills.as_view(), name="list"),
    path("<int:pk>/", BillPage.as_view(), name="bill"),
    # KSeF
    path("ksef/", ksef.KsefDocuments.as_view(), name="ksef"),
    path("ksef/<int:pk>/", ksef.KsefDocumentPage.as_view(), name="ksef_document"),
    path("ksef/<int:pk>/xml/", ksef.KsefXml.as_view(), name="ksef_xml"),
    path("ksef/<int:pk>/upo/", ksef.KsefUpo.as_view(), name="ksef_upo"),
    path("ksef/<int:pk>/pdf/", ksef.KsefPdf.as_view(), name="ksef_pdf"),
]
