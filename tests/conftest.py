"""Fixtures of the whole suite: databases that are never flushed, no network, people, plugins."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_socket
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.test.testcases import TransactionTestCase
from django.utils import translation
from wagtail.models import Locale, Page, Site
from wagtail.signal_handlers import reference_index_auto_update_disabled

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.plugins.models import PluginActivation
from ebok.starting import collect_rarely
from ebok.testing.people import entry_permissions, person
from tests.database import TestDatabase, for_settings

pytest_plugins = ["ebok.testing.fixtures", "tests.features", "tests.processes"]

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


# No network ------------------------------------------------------------------------------


def pytest_runtest_setup() -> None:
    """Only this machine and its sockets can be reached from a test."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again is a twentieth of a run."""
    gc.freeze()
    collect_rarely()


# What runs where -------------------------------------------------------------------------

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "test_database", "django_db_setup"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests come first. And a test that asks for no database says the same on both: `make test` runs
    it once.

    Only the part on PostgreSQL leaves it out, and only when it follows the part on SQLite.
    """
    items.sort(key=_is_short)
    if os.environ.get("EBOK_TEST_PART") != "postgresql" or not os.environ.get("EBOK_AFTER_SQLITE"):
        return
    once = [item for item in items if not _asks_for_a_database(item)]
    config.hook.pytest_deselected(items=once)
    items[:] = [item for item in items if _asks_for_a_database(item)]


def _is_short(item: pytest.Item) -> bool:
    # What starts processes of the portal takes seconds for each; pytest-django would have it last.
    starts_processes = "database_copy" in getattr(item, "fixturenames", ())
    return item.get_closest_marker("long") is None and not starts_processes


def _asks_for_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


# Databases -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def test_database(
    django_db_blocker: Any, django_test_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """The engine behind this run's databases, with copies for tests that start processes."""
    with django_db_blocker.unblock():
        # The dictionary Django itself holds: new connections, also those of threads, read it.
        live = connections["default"].settings_dict
        database = for_settings(live, tmp_path_factory.mktemp("databases"))
        yield database
        database.drop_copies()


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase, django_db_blocker: Any) -> Iterator[None]:
    """Give this process a copy of the template, in place of pytest-django's migrated database."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        live = connections["default"].settings_dict
        connections["default"].close()
        name = database_name(test_database)
        test_database.copy(name)
        patched.setitem(live, "NAME", name)
        patched.setitem(live, "OPTIONS", _options_for_tests(live["OPTIONS"]))
        # Whatever asks for committed data (transactional_db, live_server, the marker) ends here.
        patched.setattr(
            TransactionTestCase, "_fixture_teardown", lambda _case: restore(test_database, name), raising=True
        )
        yield
        _close_all()
        test_database.drop(name)


def database_name(database: TestDatabase) -> str:
    """The name of this process's own copy."""
    return database.new_name()


def restore(database: TestDatabase, name: str) -> None:
    """Make the test database what it was at the start; the journal would refuse a flush."""
    _close_all()
    database.copy(name)


def _close_all() -> None:
    for connection in connections.all():
        connection.close()


def _options_for_tests(options: dict[str, Any]) -> dict[str, Any]:
    changed = {key: value for key, value in options.items() if key != "pool"}
    if "init_command" in changed:
        # Nobody needs a test database after a power cut.
        changed["init_command"] = changed["init_command"].replace("synchronous=NORMAL", "synchronous=OFF")
    return changed


@pytest.fixture
def restored_db(transactional_db: None) -> None:
    """A database in which the test commits; afterwards the template is restored."""


@pytest.fixture
def database_copy(test_database: TestDatabase) -> Iterator[Callable[[], str]]:
    """`database_copy()`: `DATABASE_URL` of a fresh migrated database for processes a test starts."""
    made: list[str] = []

    def make() -> str:
        name = test_database.new_name()
        test_database.copy(name)
        made.append(name)
        return test_database.url(name)

    yield make
    for name in made:
        test_database.drop(name)


# Nothing stays behind --------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _clean_slate() -> Iterator[None]:
    """Each test begins with an empty cache and in Polish."""
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _no_reference_index() -> Iterator[None]:
    """Wagtail's index of what refers to what is kept only where a test asks for it (`reference_index`): it
    costs a twentieth of the suite and nothing here reads it."""
    reference_index_auto_update_disabled.value = True
    yield
    reference_index_auto_update_disabled.value = False


@pytest.fixture
def reference_index(_no_reference_index: None) -> None:
    """Wagtail's index of what refers to what is kept, as in operation."""
    reference_index_auto_update_disabled.value = False


@pytest.fixture(autouse=True)
def runtime_dir(tmp_path: Path, settings: Any) -> Path:
    """A folder of its own for what the portal writes: media, mail, locks."""
    folder = tmp_path / "runtime"
    folder.mkdir()
    for name, value in runtime_settings(folder).items():
        setattr(settings, name, value)
    return folder


def runtime_settings(folder: Path) -> dict[str, Path]:
    """The settings that say where the portal writes."""
    return {
        "EBOK_RUNTIME_DIR": folder,
        "MEDIA_ROOT": folder / "media",
        "EMAIL_FILE_PATH": folder / "mail",
        "EBOK_JOURNAL_HEADS": folder / "journal-heads.txt",
    }


# The town --------------------------------------------------------------------------------


@pytest.fixture
def locales(db: None) -> dict[str, Locale]:
    """The content languages, Polish and English."""
    return {code: Locale.objects.get_or_create(language_code=code)[0] for code in ("pl", "en")}


@pytest.fixture
def root_page(db: None) -> Page:
    """The root of the page tree."""
    return Page.objects.get(depth=1)


@pytest.fixture
def home_page(site: Site) -> Page:
    """The default site's root page, whatever its type."""
    return site.root_page.specific


@pytest.fixture
def utility(site: Site) -> Site:
    """The default site with every module off."""
    PluginActivation.objects.filter(site=site).delete()
    return site


# People ----------------------------------------------------------------------------------


@pytest.fixture
def client_user(db: None) -> User:
    """A customer."""
    return person("klient@example.org", groups=[roles.CLIENTS], first_name="Anna", last_name="Klient")


@pytest.fixture
def employee(db: None) -> User:
    """Somebody who may enter the employee zone and has no other right."""
    return person("pracownik@example.org", permissions=entry_permissions("employee"), first_name="Piotr")


@pytest.fixture
def field_worker(db: None) -> User:
    """Somebody who may enter the field zone and has no other right."""
    return person("monter@example.org", permissions=entry_permissions("mobile"), first_name="Marek")


@pytest.fixture
def editor(db: None) -> User:
    """Somebody who edits content in the Wagtail admin."""
    return person("redaktor@example.org", groups=[roles.EDITORS], first_name="Ewa")


@pytest.fixture
def administrator(db: None) -> User:
    """Somebody who runs the portal in the Wagtail admin, without being superuser."""
    return person("administrator@example.org", groups=[roles.ADMINISTRATORS], first_name="Adam")


@pytest.fixture
def superuser(db: None) -> User:
    """Somebody who may do everything."""
    return person("super@example.org", is_superuser=True, first_name="Zofia")


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """`signed_in(employee)`: a test client of that person; exceptions in views are raised."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make
