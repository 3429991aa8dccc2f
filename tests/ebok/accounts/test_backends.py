"""What a person may do, asked in one query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from ebok.plugins.permissions import allowed

pytestmark = pytest.mark.django_db


def test_own_permissions_and_those_of_groups_come_in_one_query(
    django_user_model: Any, assert_queries: Callable[[int], Any]
) -> None:
    person = django_user_model.objects.create_user(email="ewa@lipowo.example", password="x" * 12)
    person.user_permissions.add(Permission.objects.get(codename="employee_zone.enter"))
    group = Group.objects.create(name="Brygada")
    group.permissions.add(Permission.objects.get(codename="mobile_zone.enter"))
    person.groups.add(group)
    person = django_user_model.objects.get(pk=person.pk)
    with assert_queries(1):
        assert allowed(person, "employee_zone.enter")
        assert allowed(person, "mobile_zone.enter")
        assert not allowed(person, "plugins.switch")


def test_somebody_locked_out_may_do_nothing(django_user_model: Any) -> None:
    person = django_user_model.objects.create_user(
        email="ewa@lipowo.example", password="x" * 12, is_active=False, is_superuser=True
    )
    assert person.get_all_permissions() == set()
