"""What Wagtail's admin finds by this file's name: the arrangements of clients' dashboards."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ebok.plugins.activation import enabled_anywhere
from ebok_plugins.client_zone import admin_views


@hooks.register("register_admin_urls")
def arrangement_urls() -> list[URLPattern]:
    """List, form, deletion."""
    return [
        path("pulpity/", admin_views.Arrangements.as_view(), name=admin_views.LIST),
        path("pulpity/nowy/", admin_views.EditArrangement.as_view(), name="client_zone_arrangement_new"),
        path("pulpity/<int:pk>/", admin_views.EditArrangement.as_view(), name="client_zone_arrangement"),
        path(
            "pulpity/<int:pk>/usun/",
            admin_views.DeleteArrangement.as_view(),
            name="client_zone_arrangement_delete",
        ),
    ]


class ArrangementsMenuItem(MenuItem):
    """Away while the zone is off on every site, and for people who may not."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return admin_views.may_arrange(request.user) and enabled_anywhere(admin_views.KEY, request)


@hooks.register("register_settings_menu_item")
def arrangements_menu_item() -> MenuItem:
    """The entry under Settings."""
    return ArrangementsMenuItem(
        _("Dashboards of clients"),
        reverse(admin_views.LIST),
        name="client-zone-arrangements",
        icon_name="grip",
        order=30,
    )
