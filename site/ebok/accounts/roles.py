"""Who somebody is in the portal: client, employee of some position, administrator, superadministrator.

A role is nothing but a group, or Django's superuser flag for the highest one. A *position* is a group
whose members may enter a zone for staff; utilities make as many as they have desks, and say in the
permission matrix what each may do.
"""

from __future__ import annotations

from typing import Any

CLIENTS = "CLIENTS"
"""Every client; the group a new account joins."""
EMPLOYEES = "Employees"
EDITORS = "Editors"
ADMINISTRATORS = "Administrators"

ALL = (CLIENTS, EMPLOYEES, EDITORS, ADMINISTRATORS)

WITH_WAGTAIL_ADMIN = (EDITORS, ADMINISTRATORS)
"""Groups whose members may open the Wagtail admin."""

WAGTAIL_ADMIN = "wagtailadmin.access_admin"


def is_superadministrator(user: Any) -> bool:
    """Whether the person may do everything, deleting approved data too. Locked people never may."""
    return bool(user and user.is_authenticated and user.is_active and user.is_superuser)


def is_administrator(user: Any) -> bool:
    """Whether the person may open the administrator's panel, as an editor or higher."""
    return bool(user and user.is_authenticated and user.is_active and user.has_perm(WAGTAIL_ADMIN))
