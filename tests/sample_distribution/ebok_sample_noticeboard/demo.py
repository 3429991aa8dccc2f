"""The board in the demo town."""

from typing import Any

from ebok_sample_noticeboard.models import NoticeboardSettings
from ebok_sample_noticeboard.services import pin_notice

NOTICES = (
    ("Oddam słoiki", "Dwadzieścia słoików, czyste. Ul. Lipowa 3."),
    ("Zgubiono kota", "Bury, mały, słucha na „Kropla”. Nagroda!"),
    ("Dzień otwarty ujęcia wody", "W sobotę o 10:00 pokażemy, skąd jest woda."),
)


def load(world: Any) -> None:
    """Fill in the heading and pin three notices."""
    settings = NoticeboardSettings.for_site(world.site)
    settings.heading = "Tablica ogłoszeń"
    settings.save()
    for title, text in NOTICES:
        pin_notice(site=world.site, title=title, text=text, is_public=True)
