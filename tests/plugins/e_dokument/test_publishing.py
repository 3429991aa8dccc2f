"""Each document has its own schedule, and what was published stays in its history."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, Site

from ebok.files.checking import CheckedFile
from ebok_plugins.e_dokument import services
from ebok_plugins.e_dokument.models import DocumentTemplate
from ebok_plugins.e_dokument.testing import PDF, make_document

START = "2026-05-14 12:00+02:00"


def publish_due() -> None:
    call_command("publish_scheduled", verbosity=0)


@pytest.mark.feature("J03")
def test_two_documents_appear_and_disappear_by_themselves(
    client: Client, site: Site, e_dokument: None
) -> None:
    """Each by its own times; nobody touches anything but the timer."""
    with time_machine.travel(START, tick=False) as clock:
        now = timezone.now()
        for slug, minutes in (("pierwszy", 2), ("drugi", 4)):
            document = make_document(site, slug, live=False)
            document.go_live_at = now + timedelta(minutes=minutes)
            document.expire_at = now + timedelta(minutes=minutes + 3)
            document.save_revision().publish()
        seen = []
        for _minute in range(9):
            publish_due()
            seen.append(
                "".join(
                    "+" if client.get(f"/dokumenty/{slug}/").status_code == 200 else "-"
                    for slug in ("pierwszy", "drugi")
                )
            )
            clock.shift(timedelta(minutes=1, seconds=1))
    assert seen == ["--", "--", "+-", "+-", "++", "-+", "-+", "--", "--"]
    document = DocumentTemplate.objects.get(slug="pierwszy")
    actions = ModelLogEntry.objects.for_instance(document).values_list("action", flat=True)
    assert {"wagtail.publish.scheduled", "wagtail.unpublish.scheduled"} <= set(actions)


@pytest.mark.feature("J06", "J03")
def test_a_draft_of_a_new_file_changes_nothing_until_published(
    client: Client, document: DocumentTemplate
) -> None:
    document.file = services.store_file(CheckedFile("nowy.pdf", "pdf", PDF + b"%new"))
    document.version = "2"
    revision = document.save_revision()
    assert client.get(document.download_url).getvalue() == PDF
    revision.publish()
    body = client.get(document.download_url).getvalue()
    assert body == PDF + b"%new"
    versions = DocumentTemplate.objects.get(pk=document.pk).versions.order_by("pk")
    assert [row.version for row in versions] == ["1", "2"]


def test_the_same_file_is_stored_once(db: None) -> None:
    one, two = (services.store_file(CheckedFile("a.pdf", "pdf", PDF)) for _time in range(2))
    assert one.pk == two.pk
    assert one.pk != services.store_file(CheckedFile("b.pdf", "pdf", PDF)).pk


def test_a_document_published_without_file_is_no_version(site: Site, document: DocumentTemplate) -> None:
    document.file = None
    document.save_revision().publish()
    assert document.versions.count() == 1
