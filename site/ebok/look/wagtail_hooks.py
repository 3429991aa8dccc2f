"""The style page in the Wagtail admin."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from ebok.look.style_guide import style_page


class ForEditors(MenuItem):
    """Not shown to people who come for the registers of the billing data alone."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person works on content or on the look."""
        return makes_content(request.user)


def makes_content(user: Any) -> bool:
    """Whether the person may write pages, or change the look."""
    pages = page_permission_policy.user_has_any_permission(user, ("add", "change", "publish"))
    return bool(pages or user.has_perm("look.change_themesettings"))


def _for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not makes_content(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@hooks.register("construct_help_menu")
def help_of_wagtail(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's guides tell about content; who makes none needs none of them."""
    if not makes_content(request.user):
        items.clear()


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """`/admin/style/`, for those who make content or the look."""
    return [path("style/", _for_editors(style_page), name="ebok_style")]


@hooks.register("register_settings_menu_item")
def settings_menu() -> MenuItem:
    """ "Style" under Settings."""
    return ForEditors(_("Style"), reverse("ebok_style"), name="ebok-style", icon_name="view", order=900)
