"""Permissions that plugins and rooms declare, stored as Django permissions.

`allowed(user, "e_dokument.handle")` is the one question; a name nobody declared raises, so a
typing error can never open a door or close one silently.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as StoredPermission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ebok.plugins.models import PluginPermission
from ebok.plugins.registry import registry
from ebok.ports import Permission

permissions = [Permission(name="plugins.switch", title=_("Can switch modules on and off"))]
"""The switchboard's own contribution."""


class UnknownPermission(LookupError):
    """Nobody declared a permission of this name."""


def declared_names() -> frozenset[str]:
    """Every declared permission name."""
    return frozenset(permission.name for _owner, permission in registry.contributions("permissions"))


def stored_name(name: str) -> str:
    """The name under which Django's `has_perm` knows the permission. Raises `UnknownPermission`."""
    if name not in declared_names():
        raise UnknownPermission(name)
    return f"plugins.{name}"


def allowed(user: Any, name: str) -> bool:
    """Whether the user has the permission; inactive and anonymous users never do."""
    stored = stored_name(name)
    return bool(user and user.is_authenticated and user.is_active and user.has_perm(stored))


def store_declared(**_kwargs: object) -> None:
    """Create a row for every declared permission; called after each migrate. Deletes none.

    A permission stored for the first time goes to the groups its declaration names.
    """
    content_type = ContentType.objects.get_for_model(PluginPermission)
    known = {row.codename: row for row in StoredPermission.objects.filter(content_type=content_type)}
    for _owner, permission in registry.contributions("permissions"):
        name, stored = str(permission.title)[:255], known.get(permission.name)
        if stored is None:
            stored = StoredPermission.objects.create(
                content_type=content_type, codename=permission.name, name=name
            )
            for group in Group.objects.filter(name__in=permission.granted_to):
                group.permissions.add(stored)
        elif stored.name != name:
            stored.name = name
            stored.save(update_fields=["name"])


def stored_permissions() -> QuerySet[StoredPermission]:
    """The rows of declared permissions, for Wagtail's group form."""
    return StoredPermission.objects.filter(
        content_type__app_label="plugins",
        codename__in=declared_names(),
    )
