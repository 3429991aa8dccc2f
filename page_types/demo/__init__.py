"""Demo content of the pages: the public site of the fictional utility "Wodociągi Lipowo"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from page_types.demo import front, help_pages, legal, news, sections, surveys
from page_types.demo.building import Planter
from page_types.demo.settings import fill_settings

if TYPE_CHECKING:
    from ebok.operations.demo_world import World


def load(world: World) -> None:
    """Grow both language trees and fill the site's settings; what is there already stays."""
    planter = Planter(world)
    home = front.plant_home(planter)
    world.say("Pages: sections, announcements, help …")
    news.plant(planter, home)
    sections.plant(planter, home)
    help_pages.plant(planter, home)
    surveys.plant(planter, home)
    legal.plant(planter, home)
    fill_settings(world, planter, home)
