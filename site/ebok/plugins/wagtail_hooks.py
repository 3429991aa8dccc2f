"""The "Moduły" screen in the Wagtail admin, and plugins' permissions in the group form."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ebok.plugins.admin_views import ModuleGuideView, ModulesView, may_switch
from ebok.plugins.permissions import stored_permissions


@hooks.register("register_admin_urls")
def module_urls() -> list[URLPattern]:
    """The screen and the pages of documentation behind it."""
    return [
        path("moduly/", ModulesView.as_view(), name="ebok_modules"),
        path("moduly/<slug:key>/", ModuleGuideView.as_view(), name="ebok_module_guide"),
    ]


class ModulesMenuItem(MenuItem):
    """Shown to whoever may switch modules."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return may_switch(request.user)


@hooks.register("register_settings_menu_item")
def modules_menu_item() -> MenuItem:
    """The entry under Settings."""
    return ModulesMenuItem(
        _("Modules"), reverse("ebok_modules"), name="ebok-modules", icon_name="grip", order=10
    )


@hooks.register("insert_global_admin_css")
def modules_css() -> SafeString:
    """A few lines of style for the screen; the rest is Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("plugins/modules.css"))


@hooks.register("register_permissions")
def plugin_permissions() -> QuerySet[Permission]:
    """Declared permissions, so that a group can be given them."""
    return stored_permissions()
