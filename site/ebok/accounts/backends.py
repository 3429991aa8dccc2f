"""Who somebody is and what they may do, as Django asks."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import Q

from ebok.accounts.permissions import OPEN_REGISTERS

WAGTAIL_DOOR = "wagtailadmin.access_admin"


class PortalBackend(AuthenticationBackend):
    """allauth's, but it asks for all permissions of a person at once: every zone page needs them."""

    def get_all_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        """Names ("app.codename") of the person's own permissions and of those of the groups; one query.

        Kept on the user under the name Django uses, so it lasts as long as Django's own answer would.
        """
        if not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser or obj is not None:
            everything: set[str] = super().get_all_permissions(user_obj, obj)
            return everything
        if not hasattr(user_obj, "_perm_cache"):
            own = Q(pk__in=user_obj.user_permissions.values("pk"))
            of_groups = Q(pk__in=Permission.objects.filter(group__in=user_obj.groups.all()).values("pk"))
            held = Permission.objects.filter(own | of_groups).order_by()
            names = held.values_list("content_type__app_label", "codename")
            user_obj._perm_cache = _with_door({f"{app}.{codename}" for app, codename in names})
        kept: set[str] = user_obj._perm_cache
        return kept


def _with_door(names: set[str]) -> set[str]:
    """Whoever may open the registers finds Wagtail's door open; what they see there their rights decide."""
    return names | {WAGTAIL_DOOR} if f"plugins.{OPEN_REGISTERS}" in names else names
