"""People for tests: clients, employees, field workers, each with exactly the permissions named."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as StoredPermission

from ebok.accounts.models import User
from ebok.plugins.permissions import declared_names, store_declared
from ebok.plugins.registry import registry

PASSWORD = "Trzy-krople-wody-7"  # noqa: S105 (of people who exist only in tests)


def person(
    email: str,
    *,
    permissions: Iterable[str] = (),
    groups: Iterable[str] = (),
    is_superuser: bool = False,
    **fields: object,
) -> User:
    """A person who may do what is named: declared permissions (`e_dokument.handle`) and groups.

    Raises `Permission.DoesNotExist` or `Group.DoesNotExist` for a name that is not stored.
    """
    user: User = get_user_model().objects.create_user(
        email, PASSWORD, is_superuser=is_superuser, is_staff=is_superuser, **fields
    )
    grant(user, permissions)
    for name in groups:
        user.groups.add(Group.objects.get(name=name))
    return user


def grant(user: User, permissions: Iterable[str]) -> User:
    """Give declared permissions to the person; returns the person read anew, without cached rights."""
    wanted = set(permissions)
    if wanted:
        rows = _stored(wanted)
        if set(rows) < wanted <= declared_names():
            # Of a plugin that exists in one test only.
            store_declared()
            rows = _stored(wanted)
        if missing := sorted(wanted - set(rows)):
            raise StoredPermission.DoesNotExist(", ".join(missing))
        user.user_permissions.add(*rows.values())
    return get_user_model().objects.get(pk=user.pk)


def _stored(names: set[str]) -> dict[str, StoredPermission]:
    rows = StoredPermission.objects.filter(content_type__app_label="plugins", codename__in=names)
    return {row.codename: row for row in rows}


def entry_permissions(zone: str) -> list[str]:
    """What a person needs to enter the zone: the permission `<zone plugin>.enter` where there is one."""
    name = f"{registry.zones[zone][1].key}.enter"
    return [name] if name in declared_names() else []
