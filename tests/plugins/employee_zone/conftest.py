"""Both zones on, and employees with exactly the rights a test names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ebok.accounts.models import User
from ebok.testing.people import entry_permissions, person
from ebok.testing.samples import SampleWorld


@pytest.fixture
def office(world: SampleWorld, enable: Callable[..., None]) -> SampleWorld:
    """The sample world with the client and the employee zone on."""
    enable("client_zone", "employee_zone")
    return world


@pytest.fixture
def clerk(office: SampleWorld) -> Callable[..., User]:
    """`clerk("customers.view", …)`: an employee who may do that and nothing more."""

    def make(*permissions: str, email: str = "biuro@example.org") -> User:
        return person(email, permissions=[*entry_permissions("employee"), *permissions])

    return make


@pytest.fixture
def at_work(clerk: Callable[..., User], as_user: Callable[[User | None], Client]) -> Callable[..., Client]:
    """`at_work("customers.view", …)`: a client of such an employee."""

    def make(*permissions: str, email: str = "biuro@example.org") -> Client:
        return as_user(clerk(*permissions, email=email))

    return make
