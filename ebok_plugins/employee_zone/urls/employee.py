"""Pages of the employee zone that belong to no module."""

from django.urls import path

from ebok.zones.views import ZoneDashboard
from ebok_plugins.employee_zone.views.accounts import AccountPage, Accounts, NewAccount
from ebok_plugins.employee_zone.views.care import CareOfAccounts
from ebok_plugins.employee_zone.views.customers import CustomerPage, LookAs, MyCustomers, Search
from ebok_plugins.employee_zone.views.positions import PositionPage, Positions
from ebok_plugins.employee_zone.views.sign_ins import SignIns

urlpatterns = [
    path("", ZoneDashboard.as_view(), name="dashboard"),
    path("szukaj/", Search.as_view(), name="search"),
    path("klient/<int:pk>/", CustomerPage.as_view(), name="customer"),
    path("klient/<int:pk>/konto/", CareOfAccounts.as_view(), name="customer_account"),
    path("klient/<int:pk>/podglad/", LookAs.as_view(), name="look_as"),
    path("moi-klienci/", MyCustomers.as_view(), name="my_customers"),
    path("konta/", Accounts.as_view(), name="accounts"),
    path("konta/nowe/", NewAccount.as_view(), name="new_account"),
    path("konta/<uuid:public_id>/", AccountPage.as_view(), name="account"),
    path("stanowiska/", Positions.as_view(), name="positions"),
    path("stanowiska/<int:pk>/", PositionPage.as_view(), name="position"),
    path("logowania/", SignIns.as_view(), name="sign_ins"),
]
