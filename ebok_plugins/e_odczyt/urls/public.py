"""Public addresses, below /odczyt/."""

from django.urls import path, re_path

from ebok_plugins.e_odczyt.views import public

urlpatterns = [
    path("", public.WithoutAccount.as_view(), name="start"),
    re_path(r"^link/(?P<token>[0-9A-Za-z:_-]{40,120})/$", public.ByLink.as_view(), name="link"),
]
