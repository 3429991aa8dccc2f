"""A site with e-Dokument as the only module, a document and its online application."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.testing.people import entry_permissions, person
from ebok_plugins.e_dokument.models import Application, ApplicationForm, DocumentTemplate
from ebok_plugins.e_dokument.testing import make_application, make_document, make_form


@pytest.fixture
def e_dokument(enable: Callable[..., None]) -> None:
    """The module alone: no zone, no other module."""
    enable("e_dokument")


@pytest.fixture
def with_employees(e_dokument: None, enable: Callable[..., None]) -> None:
    """The module and the employee zone."""
    enable("employee_zone")


@pytest.fixture
def document(site: Site, e_dokument: None) -> DocumentTemplate:
    """A published document with a file."""
    return make_document(site, "wodomierz", title="Wniosek o wodomierz ogrodowy", description="Bez ścieków.")


@pytest.fixture
def form(document: DocumentTemplate) -> ApplicationForm:
    """Its online application."""
    return make_form(document)


@pytest.fixture
def application(form: ApplicationForm) -> Application:
    """One that was sent."""
    return make_application(form, name="Łucja Żółć", email="lucja@example.org")


@pytest.fixture
def handler(db: None) -> User:
    """An employee who handles applications."""
    return person(
        "bok@example.org",
        permissions=[*entry_permissions("employee"), "e_dokument.handle"],
        first_name="Beata",
        last_name="Malec",
    )


@pytest.fixture
def colleague(db: None) -> User:
    """Another one."""
    return person(
        "bok2@example.org",
        permissions=[*entry_permissions("employee"), "e_dokument.handle"],
        first_name="Cezary",
        last_name="Nowak",
    )
