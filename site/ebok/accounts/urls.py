"""Everything under /konto/: allauth's pages and our own."""

from django.urls import include, path
from django.views.generic import RedirectView

from ebok.accounts import views
from ebok.accounts.views import admin_login_redirect
from ebok.accounts.views.consents import Consents, ConsentsDue
from ebok.accounts.views.passwords import PasswordDue
from ebok.accounts.views.profile import Profile
from ebok.accounts.views.security import SecondStep, Security
from ebok.accounts.views.sessions import History, Sessions

__all__ = ["admin_login_redirect", "urlpatterns"]

urlpatterns = [
    path("", views.home, name="account_home"),
    path("kto/", views.who, name="account_who"),
    path("bezpieczenstwo/", Security.as_view(), name="account_security"),
    path("drugi-krok/", SecondStep.as_view(), name="account_second_step"),
    path("dane/", Profile.as_view(), name="account_profile"),
    path("historia-logowan/", History.as_view(), name="account_history"),
    path("zgody/", Consents.as_view(), name="account_consents"),
    path("nowy-regulamin/", ConsentsDue.as_view(), name="account_consents_due"),
    path("nowe-haslo/", PasswordDue.as_view(), name="account_password_due"),
    # In place of allauth's own pages.
    path("sessions/", Sessions.as_view(), name="account_sessions"),
    path("2fa/", RedirectView.as_view(pattern_name="account_security"), name="account_steps"),
    path("", include("ebok.accounts.federation.urls")),
    path("", include("allauth.urls")),
]
