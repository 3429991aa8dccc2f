"""Who runs the portal: people who may enter its administration."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet


def administrators() -> QuerySet[Any]:
    """Everybody who may enter the Wagtail admin, also those whose account is locked by now."""
    right = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    return get_user_model()._default_manager.filter(
        Q(is_superuser=True) | Q(user_permissions__in=right) | Q(groups__permissions__in=right)
    )


def administrator_ids() -> QuerySet[Any]:
    """Their numbers, as a subquery."""
    return administrators().order_by().values("pk")
