"""Pages of the client zone that belong to no module."""

from django.urls import path

from ebok_plugins.client_zone.views import joining, sharing
from ebok_plugins.client_zone.views.arranging import OwnCardsPage
from ebok_plugins.client_zone.views.client import AnnouncementDetail, AnnouncementList
from ebok_plugins.client_zone.views.details import (
    ContractPage,
    Contracts,
    ContractScan,
    Details,
    MeterPage,
    PointPage,
    Points,
)
from ebok_plugins.client_zone.views.front import AllCustomers, Dashboard, StopLooking, Switch
from ebok_plugins.client_zone.views.journal import History
from ebok_plugins.client_zone.views.money import (
    BalancePage,
    Payments,
    Receivables,
    StatementCsv,
    StatementPage,
    StatementPdf,
)
from ebok_plugins.client_zone.views.prices import Prices
from ebok_plugins.client_zone.views.requests import ChangeData, NewRequest, RequestPage, Requests
from ebok_plugins.client_zone.views.statistics import StatisticsPage

urlpatterns = [
    path("", Dashboard.as_view(), name="dashboard"),
    path("przelacz/", Switch.as_view(), name="switch"),
    path("koniec-podgladu/", StopLooking.as_view(), name="stop_looking"),
    path("klienci/", AllCustomers.as_view(), name="together"),
    path("polacz/", joining.Join.as_view(), name="join"),
    path("polacz/list/", joining.JoinByLetter.as_view(), name="join_letter"),
    path("polacz/dowod/<uuid:claim>/", joining.ClaimPage.as_view(), name="claim"),
    path("dostep/", sharing.SharingList.as_view(), name="sharing"),
    path("dostep/zapros/", sharing.Invite.as_view(), name="invite"),
    path("dostep/zaproszenie/<uuid:invitation>/", sharing.InvitationPage.as_view(), name="invitation"),
    path("dostep/osoba/<int:access>/", sharing.AccessPage.as_view(), name="access"),
    path("moj-dostep/", sharing.MyAccess.as_view(), name="my_access"),
    path("dane/", Details.as_view(), name="details"),
    path("dane/zmiana/", ChangeData.as_view(), name="change_data"),
    path("umowy/", Contracts.as_view(), name="contracts"),
    path("umowy/<int:pk>/", ContractPage.as_view(), name="contract"),
    path("umowy/<int:pk>/skan/", ContractScan.as_view(), name="contract_scan"),
    path("punkty/", Points.as_view(), name="points"),
    path("punkty/<int:pk>/", PointPage.as_view(), name="point"),
    path("liczniki/<int:pk>/", MeterPage.as_view(), name="meter"),
    path("cennik/", Prices.as_view(), name="prices"),
    path("zlecenia/", Requests.as_view(), name="requests"),
    path("zlecenia/nowe/", NewRequest.as_view(), name="new_request"),
    path("zlecenia/<int:pk>/", RequestPage.as_view(), name="request"),
    path("historia/", History.as_view(), name="history"),
    path("rozliczenia/", Receivables.as_view(), name="receivables"),
    path("rozliczenia/saldo/", BalancePage.as_view(), name="balance"),
    path("rozliczenia/wplaty/", Payments.as_view(), name="payments"),
    path("rozliczenia/zestawienie/", StatementPage.as_view(), name="statement"),
    path("rozliczenia/zestawienie/csv/", StatementCsv.as_view(), name="statement_csv"),
    path("rozliczenia/zestawienie/pdf/", StatementPdf.as_view(), name="statement_pdf"),
    path("pulpit/", OwnCardsPage.as_view(), name="own_cards"),
    path("statystyki/", StatisticsPage.as_view(), name="statistics"),
    path("tablica/", AnnouncementList.as_view(), name="announcements"),
    path("tablica/<int:pk>/", AnnouncementDetail.as_view(), name="announcement"),
]
