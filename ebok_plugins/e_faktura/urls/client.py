"""Addresses in the client zone, below /moje-konto/faktury/."""

from django.urls import path

from ebok_plugins.e_faktura.views import ksef
from ebok_plugins.e_faktura.views.bills import BillPage, BillPdf, Bills, BillsCsv, OpenBill, UsagePage
from ebok_plugins.e_faktura.views.receiving import ChangeWay, Confirm, WayPage

urlpatterns = [
    path("", Bills.as_view(), name="list"),
    path("csv/", BillsCsv.as_view(), name="csv"),
    path("zuzycie/", UsagePage.as_view(), name="usage"),
    path("sposob/", WayPage.as_view(), name="way"),
    path("sposob/zmien/", ChangeWay.as_view(), name="change_way"),
    path("<int:pk>/", BillPage.as_view(), name="bill"),
    path("<int:pk>/pdf/", BillPdf.as_view(), name="pdf"),
    path("<int:pk>/potwierdz/", Confirm.as_view(), name="confirm"),
    path("otworz/<int:pk>/", OpenBill.as_view(), name="open"),
    # KSeF
    path("ksef/", ksef.KsefDocuments.as_view(), name="ksef"),
    path("ksef/<int:pk>/", ksef.KsefDocumentPage.as_view(), name="ksef_document"),
    path("ksef/<int:pk>/xml/", ksef.KsefXml.as_view(), name="ksef_xml"),
    path("ksef/<int:pk>/upo/", ksef.KsefUpo.as_view(), name="ksef_upo"),
    path("ksef/<int:pk>/pdf/", ksef.KsefPdf.as_view(), name="ksef_pdf"),
]
