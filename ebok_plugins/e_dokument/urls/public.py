"""Public addresses, below /dokumenty/."""

from django.urls import path, re_path

from ebok_plugins.e_dokument.views import application, public

urlpatterns = [
    path("", public.DocumentList.as_view(), name="list"),
    re_path(r"^wyslane/(?P<token>[0-9a-f]{64})/$", application.Sent.as_view(), name="sent"),
    re_path(r"^wyslane/(?P<token>[0-9a-f]{64})/pdf/$", application.SentPdf.as_view(), name="sent_pdf"),
    path("<slug:slug>/", public.DocumentPage.as_view(), name="detail"),
    path("<slug:slug>/pobierz/", public.Download.as_view(), name="download"),
    path("<slug:slug>/pobierz/<int:version>/", public.Download.as_view(), name="download_version"),
    path("<slug:slug>/wniosek/", application.Apply.as_view(), name="apply"),
]
