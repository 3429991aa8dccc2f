"""Tells the contract tests about this plugin; never imported outside tests."""

from __future__ import annotations

from collections.abc import Mapping

from ebok.testing.samples import SampleWorld
from ebok_sample_noticeboard.models import Notice, NoticeboardSettings
from ebok_sample_noticeboard.services import pin_notice


def configure(world: SampleWorld) -> None:
    """Fill in the heading, without which the module cannot be switched on."""
    settings = NoticeboardSettings.for_site(world.site)
    settings.heading = "Tablica ogłoszeń"
    settings.save()


def populate(world: SampleWorld, count: int) -> None:
    """Secret notices of the owner, and public ones of nobody."""
    for number in range(count):
        pin_notice(site=world.site, owner=world.owner, title=f"{world.secret} {number}", text=world.secret)
        pin_notice(site=world.site, title=f"Ogłoszenie {number}", text="Tekst", is_public=True)


def url_arguments(world: SampleWorld) -> Mapping[str, Mapping[str, object]]:
    """One notice of each kind."""
    own = Notice.objects.filter(owner=world.owner).latest("pk")
    public = Notice.objects.filter(site=world.site, is_public=True).latest("pk")
    return {
        "client:noticeboard:one": {"public_id": own.public_id},
        "employee:noticeboard:take_down": {"public_id": own.public_id},
        "public:noticeboard:notice": {"pk": public.pk},
    }
