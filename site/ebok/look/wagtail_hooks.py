"""The style page in the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ebok.look.style_guide import style_page


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """`/admin/style/`; Wagtail lets in only people who may enter the admin."""
    return [path("style/", style_page, name="ebok_style")]


@hooks.register("register_settings_menu_item")
def settings_menu() -> MenuItem:
    """ "Style" under Settings."""
    return MenuItem(_("Style"), reverse("ebok_style"), name="ebok-style", icon_name="view", order=900)
