"""Sample announcements, and ways to an account, for the contract tests and the sweep."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from wagtail.models import Page

from ebok.customers import scans
from ebok.customers.models import Contract
from ebok.files.checking import CheckedFile
from ebok.notifications.inbox import inbox_of
from ebok.testing.samples import SampleWorld
from ebok_plugins.client_zone import joining_samples, requesting
from ebok_plugins.client_zone.models import AccountRequest, CardArrangement, RequestKind
from page_types.announcements import AnnouncementIndexPage, AnnouncementPage, Audience
from page_types.outage_pages import OutageIndexPage
from snippets.outages.models import Outage

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""The smallest thing that passes for a scan."""


def populate(world: SampleWorld, count: int = 1) -> None:
    """Announcements for payers below a list of the sample site."""
    home = Page.objects.get(pk=world.site.root_page_id)
    index = AnnouncementIndexPage.objects.child_of(home).first()
    if index is None:
        index = AnnouncementIndexPage(title="Aktualności", slug="aktualnosci-proba", locale=home.locale)
        home.add_child(instance=index)
    already = index.get_children().count()
    for number in range(already, already + count):
        index.add_child(
            instance=AnnouncementPage(
                title=f"Wiadomość {number}",
                slug=f"wiadomosc-{number}",
                lead="Tylko dla klientów.",
                audience=Audience.PAYERS,
                locale=home.locale,
            )
        )
        index = AnnouncementIndexPage.objects.get(pk=index.pk)
    _outages(world, home, count)
    CardArrangement.objects.get_or_create(site=world.site, group_code="", defaults={"report": "open"})
    for _number in range(count):
        requesting.send_request(
            world.customer, RequestKind.OTHER, remark=f"Sprawa {world.secret}", by=world.owner
        )
    joining_samples.populate(world, count)
    contract = Contract.objects.get(pk=world.mirrored["contract"])
    scans.keep(contract, CheckedFile("umowa.pdf", "pdf", PDF), actor="próba")


def _outages(world: SampleWorld, home: Page, count: int) -> None:
    """Outages that go on, below a list of their own, so that the card has something to show."""
    if not OutageIndexPage.objects.child_of(home).exists():
        home = Page.objects.get(pk=home.pk)
        home.add_child(instance=OutageIndexPage(title="Awarie", slug="awarie-proba", locale=home.locale))
    for _number in range(count):
        Outage.objects.create(site=world.site, title="Awaria próbna", starts_at=timezone.now())


def url_arguments(world: SampleWorld) -> Mapping[str, Mapping[str, object]]:
    """The address of one announcement of the sample site."""
    home = Page.objects.get(pk=world.site.root_page_id)
    page = AnnouncementPage.objects.descendant_of(home).filter(audience=Audience.PAYERS).latest("pk")
    request = AccountRequest.objects.filter(customer=world.customer).latest("pk")
    message = inbox_of(world.owner).first()
    return {
        "client:client_zone:message": {"pk": message.pk if message else 0},
        "client:client_zone:announcement": {"pk": page.pk},
        "client:client_zone:contract": {"pk": world.mirrored["contract"]},
        "client:client_zone:contract_scan": {"pk": world.mirrored["contract"]},
        "client:client_zone:point": {"pk": world.mirrored["point"]},
        "client:client_zone:meter": {"pk": world.mirrored["meter"]},
        "client:client_zone:request": {"pk": request.pk},
        "employee:client_zone:request": {"pk": request.pk},
        **joining_samples.url_arguments(world),
    }


def shared(_world: SampleWorld) -> set[str]:
    """Announcements for payers belong to nobody: every customer may read them."""
    return {"client:client_zone:announcement"}
