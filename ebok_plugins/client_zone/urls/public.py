"""Public addresses, below /rejestracja/."""

from django.urls import path, re_path

from ebok_plugins.client_zone.views import accepting, confirming, registration

SECRET = r"(?P<token>[A-Za-z0-9_-]{43})"  # noqa: S105 (the shape of one)

urlpatterns = [
    path("", registration.Start.as_view(), name="start"),
    path("faktura/", registration.ByInvoice.as_view(), name="invoice"),
    path("list/", registration.ByLetter.as_view(), name="letter"),
    path("odzyskaj/", registration.Recover.as_view(), name="recover"),
    path("konto/", registration.Account.as_view(), name="account"),
    path("poczta/", registration.CheckMail.as_view(), name="check_mail"),
    re_path(rf"^potwierdz/{SECRET}/$", confirming.Confirm.as_view(), name="confirm"),
    re_path(rf"^odzyskanie/{SECRET}/$", confirming.Recovery.as_view(), name="recovery"),
    re_path(rf"^zaproszenie/{SECRET}/$", accepting.AcceptInvitation.as_view(), name="invitation"),
]
