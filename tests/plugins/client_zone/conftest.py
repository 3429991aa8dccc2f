"""The client zone switched on, a customer with a person, and clients to look with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ebok.accounts.models import User
from ebok.testing.samples import SampleWorld


@pytest.fixture
def home(world: SampleWorld, enable: Callable[..., None]) -> SampleWorld:
    """The sample world with both zones on."""
    enable("client_zone", "employee_zone")
    return world


@pytest.fixture
def owner(home: SampleWorld, as_user: Callable[[User | None], Client]) -> Client:
    """A client signed in as the holder of the sample customer."""
    return as_user(home.owner)
