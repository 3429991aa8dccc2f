"""Everything under /konto/: allauth's pages and our own."""

from django.urls import include, path

from ebok.accounts import views
from ebok.accounts.views import admin_login_redirect

__all__ = ["admin_login_redirect", "urlpatterns"]

urlpatterns = [
    path("", views.home, name="account_home"),
    path("kto/", views.who, name="account_who"),
    path("", include("ebok.accounts.federation.urls")),
    path("", include("allauth.urls")),
]
