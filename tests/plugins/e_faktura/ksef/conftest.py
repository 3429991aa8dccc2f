"""A town of two customers, the plugin switched on, and private files of each test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok.testing.people import entry_permissions, person
from ebok.testing.samples import SampleWorld


@pytest.fixture
def private(settings: Any, tmp_path: Path) -> Path:
    """Where the files of this test lie."""
    settings.EBOK_PRIVATE_ROOT = str(tmp_path / "private")
    return tmp_path / "private"


@pytest.fixture
def town(world: SampleWorld, private: Path, enable: Callable[..., None]) -> SampleWorld:
    """The sample world with both zones; the customer has the number of the Ministry's example."""
    enable("client_zone", "employee_zone", "e_faktura")
    Customer.objects.filter(pk=world.customer.pk).update(code="99999999", nip="1111111111")
    Customer.objects.filter(pk=world.other_customer.pk).update(code="K-2", nip="")
    world.customer.refresh_from_db()
    world.other_customer.refresh_from_db()
    return world


@pytest.fixture
def clerk(db: None) -> User:
    """An employee who handles files of KSeF."""
    return person("ksef@example.org", permissions=[*entry_permissions("employee"), "e_faktura.handle_ksef"])


@pytest.fixture
def desk(town: SampleWorld, clerk: User, as_user: Callable[[User | None], Client]) -> Client:
    """The clerk's browser."""
    return as_user(clerk)


@pytest.fixture
def home(town: SampleWorld, as_user: Callable[[User | None], Client]) -> Client:
    """The browser of the customer's holder."""
    return as_user(town.owner)
