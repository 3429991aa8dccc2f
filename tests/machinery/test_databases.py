"""The suite's own promises: nothing is flushed, what a test commits is gone, no network."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
import pytest_socket
from django.db import connection
from wagtail.models import Site

from ebok.journal.models import Event
from ebok.journal.services import record
from ebok.testing.queries import exactly_queries
from tests.database import manage


@pytest.mark.parametrize("time", [1, 2])
def test_committed_rows_are_gone_in_the_next_test(restored_db: None, time: int) -> None:
    """Also those of the journal, which no flush could remove."""
    assert Event.objects.count() == 0
    record("accounts.signed_in", text=f"Test {time}", site=Site.objects.get(is_default_site=True))
    assert Event.objects.count() == 1
    assert connection.in_atomic_block is False


def test_the_marker_of_pytest_django_restores_too(transactional_db: None) -> None:
    """Whoever asks in pytest-django's own words gets the same."""
    assert Event.objects.count() == 0
    assert Site.objects.count() == 1


def test_a_copy_is_a_database_for_processes(db: None, database_copy: Callable[[], str]) -> None:
    """Migrated to the newest state."""
    assert "[ ]" not in manage(database_copy(), "showmigrations", "--plan")


def test_the_network_is_out_of_reach() -> None:
    """A forgotten call to the world fails at once."""
    # pytest-socket warns before it refuses, and here a warning is an error.
    with pytest.raises((pytest_socket.SocketConnectBlockedError, UserWarning)):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_query_counts_show_the_queries(db: None) -> None:
    """So that nobody has to look for them."""
    with pytest.raises(AssertionError, match=r"1 queries instead of 2:\n +1\. SELECT"), exactly_queries(2):
        Site.objects.first()
