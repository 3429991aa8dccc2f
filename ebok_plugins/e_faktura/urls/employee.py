"""Addresses in the employee zone, below /pracownik/faktury/."""

from django.urls import path

from ebok_plugins.e_faktura.views import employee
from ebok_plugins.e_faktura.views import ksef_employee as ksef

urlpatterns = [
    path("", employee.Deliveries.as_view(), name="deliveries"),
    path("<int:pk>/", employee.BillOfAnybody.as_view(), name="bill"),
    path("<int:pk>/pdf/", employee.PdfOfAnybody.as_view(), name="pdf"),
    path("<int:pk>/dowod/", employee.EvidencePdf.as_view(), name="evidence"),
    # KSeF
    path("ksef/", ksef.KsefQueue.as_view(), name="ksef"),
    path("ksef/dodaj/", ksef.KsefAdd.as_view(), name="ksef_add"),
    path("ksef/<int:pk>/", ksef.KsefDecisionPage.as_view(), name="ksef_document"),
    path("ksef/<int:pk>/przypisz/", ksef.GiveToCustomer.as_view(), name="ksef_give"),
    path("ksef/<int:pk>/odloz/", ksef.PutAside.as_view(), name="ksef_aside"),
    path("ksef/<int:pk>/ponow/", ksef.JudgeAgain.as_view(), name="ksef_again"),
    path("ksef/<int:pk>/xml/", ksef.KsefFileOfEmployee.as_view(what="XML"), name="ksef_xml"),
    path("ksef/<int:pk>/upo/", ksef.KsefFileOfEmployee.as_view(what="UPO"), name="ksef_upo"),
    path("ksef/<int:pk>/pdf/", ksef.KsefFileOfEmployee.as_view(what="PDF"), name="ksef_pdf"),
]
